package compat

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"fanlight.test/compat/support"
)

// What the SDK does by itself on the way: checking digests, and sending again.

func TestAChangedBodyIsNoticedByTheSDK(t *testing.T) {
	w := newWorld(t)
	url := w.queue(Attributes{"VisibilityTimeout": "0"})
	w.send(url, "hello")
	bent := w.Through(&support.Wire{Answered: func(_ int, answer *http.Response) *http.Response {
		return support.Rewritten(answer, func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte("5d41402abc4b2a76b9719d911017c592"), []byte("5d41402abc4b2a76b9719d911017c593"))
		})
	}})
	_, sending := bent.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("hello"),
	})
	_, batch := bent.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: &url, Entries: []sqstypes.SendMessageBatchRequestEntry{{Id: aws.String("a"), MessageBody: aws.String("hello")}},
	})
	_, receiving := bent.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url})
	for _, err := range []error{sending, batch, receiving} {
		if err == nil || !strings.Contains(err.Error(), "invalid checksum") {
			t.Fatalf("expected an invalid checksum, found %v", err)
		}
	}
}

func TestWhatAClientDidWrongIsNotSentAgain(t *testing.T) {
	w := newWorld(t)
	calls := map[string]func(*World) error{
		"SQS": func(w *World) error {
			_, err := w.SQS.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("nothing")})
			return err
		},
		"SNS": func(w *World) error {
			_, err := w.SNS.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{
				TopicArn: aws.String(w.arn("sns", "nothing")),
			})
			return err
		},
		"EventBridge": func(w *World) error {
			_, err := w.Events.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: aws.String("nothing")})
			return err
		},
	}
	for service, call := range calls {
		t.Run(service, func(t *testing.T) {
			wire := &support.Wire{}
			if call(w.Through(wire)) == nil {
				t.Fatal("it must be refused")
			}
			equal(t, wire.Requests(), 1)
		})
	}
}

func TestASendWhoseAnswerIsLostIsSentAgain(t *testing.T) {
	w := newWorld(t)
	var attempts, invocations []string
	wire := &support.Wire{
		Sent: func(request *http.Request) {
			attempts = append(attempts, strings.Split(request.Header.Get("Amz-Sdk-Request"), ";")[0])
			invocations = append(invocations, request.Header.Get("Amz-Sdk-Invocation-Id"))
		},
		Answered: func(number int, answer *http.Response) *http.Response {
			if number > 1 {
				return answer
			}
			return support.Instead(answer, http.StatusServiceUnavailable, "")
		},
	}
	lossy := w.Through(wire)
	lossy.SQS = sqs.NewFromConfig(lossy.Config, func(options *sqs.Options) {
		options.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 1 })
	})
	url := w.fifo()
	sent := must(lossy.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("hello"), MessageGroupId: aws.String("g"),
	}))(t)
	equal(t, attempts, []string{"attempt=1", "attempt=2"})
	equal(t, invocations[0], invocations[1])
	// The first was taken, and the second is answered as it was.
	message := w.receiveOne(url)
	equal(t, *message.MessageId, *sent.MessageId)
	equal(t, message.Attributes["SequenceNumber"], *sent.SequenceNumber)
}

func TestEachAnswerNamesItsRequest(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	wire := &support.Wire{Answered: func(_ int, answer *http.Response) *http.Response {
		id := answer.Header.Get("X-Amzn-Requestid")
		if id == "" || seen[id] {
			t.Errorf("not an id of its own: %q", id)
		}
		seen[id] = true
		return answer
	}}
	through := w.Through(wire)
	must(through.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{}))(t)
	must(through.SNS.ListTopics(t.Context(), &sns.ListTopicsInput{}))(t)
	must(through.Events.ListRules(t.Context(), &eventbridge.ListRulesInput{}))(t)
	equal(t, len(seen), 3)
}
