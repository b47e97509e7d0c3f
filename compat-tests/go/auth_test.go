package compat

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventstypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"fanlight.test/compat/support"
)

const (
	keyID   = "AKIAIOSFODNN7EXAMPLE"
	secret  = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	keyHeld = "111122223333"
)

// verifying starts a server that knows one key and verifies signatures.
func verifying(t *testing.T) *support.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fanlight.toml")
	ok(t, os.WriteFile(file, []byte(`[server]
auth = "verify"
[[credentials]]
access_key = "`+keyID+`"
secret_key = "`+secret+`"
account = "`+keyHeld+`"
`), 0o600))
	server := must(support.Start("--config", file))(t)
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func signedBy(t *testing.T, server *support.Server, key, secret, token string) *World {
	t.Helper()
	return worldOf(t, server, keyHeld, loadConfig(t,
		config.WithBaseEndpoint(server.URL), config.WithRegion("us-east-1"),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(key, secret, token)),
	))
}

func TestSignaturesAreVerified(t *testing.T) {
	server := verifying(t)

	t.Run("the right secret is accepted", func(t *testing.T) {
		w := signedBy(t, server, keyID, secret, "")
		bus := w.bus()
		url := w.inbox(bus, everything, nil)
		w.put(entry(bus, `{"name": "größe & <more> +/="}`))
		equal(t, len(w.events(url)), 1)
		topic := w.topic(nil)
		listening := w.listen(topic, Attributes{"RawMessageDelivery": "true"})
		w.publish(topic, "größe & <more> +/= ~*'()")
		equal(t, w.bodies(listening), []string{"größe & <more> +/= ~*'()"})
		equal(t, w.queueARN(url), w.attributes(url, "QueueArn")["QueueArn"])
	})

	// SQS tells the code of the query protocol in a header, which the SDK goes by; EventBridge has none.
	t.Run("a wrong secret is refused", func(t *testing.T) {
		w := signedBy(t, server, keyID, secret+"x", "")
		_, err := w.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{})
		refusedLike[smithy.APIError](t, err, "SignatureDoesNotMatch", "^The request signature we calculated does not match", 403)
		_, err = w.SNS.ListTopics(t.Context(), &sns.ListTopicsInput{})
		refusedLike[smithy.APIError](t, err, "SignatureDoesNotMatch", "^The request signature we calculated does not match", 403)
		_, err = w.Events.PutEvents(t.Context(), &eventbridge.PutEventsInput{
			Entries: []eventstypes.PutEventsRequestEntry{entry("default", `{}`)},
		})
		refusedLike[smithy.APIError](t, err, "InvalidSignatureException", "^The request signature we calculated does not match", 400)
	})

	t.Run("an unknown key is refused", func(t *testing.T) {
		w := signedBy(t, server, "AKIAI44QH8DHBEXAMPLE", secret, "")
		const sentence = "The security token included in the request is invalid."
		_, err := w.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{})
		refused[smithy.APIError](t, err, "InvalidClientTokenId", sentence, 403)
		_, err = w.SNS.ListTopics(t.Context(), &sns.ListTopicsInput{})
		refused[smithy.APIError](t, err, "InvalidClientTokenId", sentence, 403)
		_, err = w.Events.ListRules(t.Context(), &eventbridge.ListRulesInput{})
		refused[smithy.APIError](t, err, "UnrecognizedClientException", sentence, 400)
	})

	t.Run("an anonymous call is refused", func(t *testing.T) {
		w := signedBy(t, server, keyID, secret, "")
		w.Config.Credentials = aws.AnonymousCredentials{}
		_, err := sqs.NewFromConfig(w.Config).ListQueues(t.Context(), &sqs.ListQueuesInput{})
		refused[smithy.APIError](t, err, "MissingAuthenticationToken", "Request is missing Authentication Token", 403)
	})
}

// A signature is good for fifteen minutes of the time that Date tells, which is not steered.
func TestASteeredClockDoesNotConcernSignatures(t *testing.T) {
	server := verifying(t)
	ok(t, server.Advance(48*time.Hour))
	wire := &support.Wire{}
	w := signedBy(t, server, keyID, secret, "").Through(wire)
	must(w.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{}))(t)
	equal(t, wire.Requests(), 1)
}
