package compat

import (
	"errors"
	"reflect"
	"regexp"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must gives what a call answered, or ends the test: must(client.Call(…))(t).
func must[T any](answer T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		ok(t, err)
		return answer
	}
}

func equal(t testing.TB, found, expected any) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Fatalf("found    %#v\nexpected %#v", found, expected)
	}
}

// present is of a member that an answer must have.
func present(t testing.TB, what string, member *string) {
	t.Helper()
	if member == nil || *member == "" {
		t.Fatalf("%s is not there", what)
	}
}

// absent is of a list or a map that an answer must not have.
func absent(t testing.TB, what string, member any) {
	t.Helper()
	if value := reflect.ValueOf(member); !value.IsNil() {
		t.Fatalf("%s is there: %#v", what, member)
	}
}

// refused holds an error against the type the SDK makes of it, the code, the sentence and the HTTP status, and asks
// that it name its request.
func refused[E error](t testing.TB, err error, code, message string, status int) E {
	t.Helper()
	return refusedLike[E](t, err, code, "^"+regexp.QuoteMeta(message)+"$", status)
}

// refusedLike is refused with a pattern of the sentence.
func refusedLike[E error](t testing.TB, err error, code, message string, status int) E {
	t.Helper()
	var typed E
	if !errors.As(err, &typed) {
		t.Fatalf("expected a %T, found %v", typed, err)
	}
	var api smithy.APIError
	var answer *awshttp.ResponseError
	if !errors.As(err, &api) || !errors.As(err, &answer) {
		t.Fatalf("not an answer of a service: %v", err)
	}
	equal(t, api.ErrorCode(), code)
	if !regexp.MustCompile(message).MatchString(api.ErrorMessage()) {
		t.Fatalf("found the sentence %q\nexpected %q", api.ErrorMessage(), message)
	}
	equal(t, answer.HTTPStatusCode(), status)
	if answer.ServiceRequestID() == "" {
		t.Fatal("a refusal names its request")
	}
	return typed
}

// near is of times that were meant to be the same and were rounded on their way.
func near(t testing.TB, found *time.Time, expected time.Time, most time.Duration) {
	t.Helper()
	if found == nil {
		t.Fatal("the time is not there")
	}
	if apart := found.Sub(expected).Abs(); apart > most {
		t.Fatalf("found %v, expected %v", found, expected)
	}
}

// within gives what comes from the channel, which must be soon.
func within[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case found := <-from:
		return found
	case <-time.After(patience):
		t.Fatalf("waited %v for %s", patience, what)
		panic("unreachable")
	}
}

// until looks again and again at what the server does by itself.
func until[T any](t testing.TB, what string, look func() (T, bool)) T {
	t.Helper()
	pause := time.NewTicker(10 * time.Millisecond)
	defer pause.Stop()
	deadline := time.Now().Add(patience)
	for {
		found, done := look()
		if done {
			return found
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s; last seen: %#v", patience, what, found)
		}
		<-pause.C
	}
}
