package compat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"fanlight.test/compat/support"
)

type received struct {
	bodies []string
	err    error
}

// poll starts a long poll for one message, which most likely is parked when poll returns.
func (w *World) poll(ctx context.Context, url string) <-chan received {
	w.Helper()
	sent := make(chan struct{}, 3)
	through := w.Through(&support.Wire{Sent: func(*http.Request) { sent <- struct{}{} }})
	done := make(chan received, 1)
	go func() {
		answer, err := through.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &url, WaitTimeSeconds: 20, MaxNumberOfMessages: 1,
		})
		var found received
		if found.err = err; err == nil {
			for _, message := range answer.Messages {
				found.bodies = append(found.bodies, *message.Body)
			}
		}
		done <- found
	}()
	within(w, "the poll to be sent", sent)
	for range 10 {
		w.attributes(url, sqstypes.QueueAttributeNameQueueArn)
	}
	return done
}

func TestALongPollIsWokenByASend(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	poll := w.poll(t.Context(), url)
	w.send(url, "hello")
	equal(t, within(t, "the poll", poll), received{bodies: []string{"hello"}})
}

func TestALongPollEndsEmptyWhenItsTimeIsUp(t *testing.T) {
	w := newSteeredWorld(t)
	url := w.queue(nil)
	poll := w.poll(t.Context(), url)
	w.advance(19 * time.Second)
	select {
	case early := <-poll:
		t.Fatalf("it ended early: %v", early)
	default:
	}
	w.advance(2 * time.Second)
	equal(t, within(t, "the poll", poll), received{})
}

func TestEachMessageOfABatchWakesAPoll(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	var polls []<-chan received
	var expected []string
	var entries []sqstypes.SendMessageBatchRequestEntry
	for number := range 10 {
		polls = append(polls, w.poll(t.Context(), url))
		body := fmt.Sprint(number)
		expected = append(expected, body)
		entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: &body, MessageBody: &body})
	}
	must(w.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries}))(t)
	var found []string
	for _, poll := range polls {
		got := within(t, "a poll", poll)
		ok(t, got.err)
		found = append(found, got.bodies...)
	}
	slices.Sort(found)
	equal(t, found, expected)
}

func TestACancelledLongPollTakesNothing(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	ctx, cancel := context.WithCancel(t.Context())
	poll := w.poll(ctx, url)
	cancel()
	if err := within(t, "the poll", poll).err; !errors.Is(err, context.Canceled) {
		t.Fatalf("expected a cancelled call, found %v", err)
	}
	// The connection's end reaches the server before the answers of these, most likely.
	for range 10 {
		w.attributes(url, sqstypes.QueueAttributeNameQueueArn)
	}
	w.send(url, "hello")
	equal(t, w.receiveOne(url).Attributes["ApproximateReceiveCount"], "1")
}

func TestTheWaitOfTheQueueCountsWhenACallNamesNone(t *testing.T) {
	w := newWorld(t)
	url := w.queue(Attributes{"ReceiveMessageWaitTimeSeconds": "20"})
	done := make(chan received, 1)
	go func() {
		// The SDK leaves a WaitTimeSeconds of zero out, so this is a long poll.
		answer, err := w.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url})
		if err != nil {
			done <- received{err: err}
			return
		}
		done <- received{bodies: []string{aws.ToString(answer.Messages[0].Body)}}
	}()
	for range 10 {
		w.attributes(url, sqstypes.QueueAttributeNameQueueArn)
	}
	w.send(url, "hello")
	equal(t, within(t, "the poll", done), received{bodies: []string{"hello"}})
}
