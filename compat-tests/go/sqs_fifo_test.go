package compat

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func (w *World) sendFIFO(url, group, deduplication, body string) *sqs.SendMessageOutput {
	w.Helper()
	return must(w.SQS.SendMessage(w.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: &body, MessageGroupId: &group, MessageDeduplicationId: &deduplication,
	}))(w)
}

func TestSequenceNumbersRise(t *testing.T) {
	w := newWorld(t)
	url := w.fifo()
	first := w.sendFIFO(url, "g", "1", "a")
	second := w.sendFIFO(url, "g", "2", "b")
	equal(t, len(*first.SequenceNumber), 20)
	equal(t, strings.Compare(*first.SequenceNumber, *second.SequenceNumber), -1)
	for at, message := range w.receive(url) {
		expected := []*sqs.SendMessageOutput{first, second}[at]
		equal(t, message.Attributes["SequenceNumber"], *expected.SequenceNumber)
		equal(t, message.Attributes["MessageGroupId"], "g")
	}
	absent(t, "SequenceNumber", w.send(w.queue(nil), "standard").SequenceNumber)
}

func TestADuplicateWithinFiveMinutesIsNotDelivered(t *testing.T) {
	w := newSteeredWorld(t)
	url := w.fifo()
	first := w.sendFIFO(url, "g", "same", "one")
	w.advance(5*time.Minute - time.Second)
	again := w.sendFIFO(url, "g", "same", "two")
	equal(t, *again.MessageId, *first.MessageId)
	equal(t, *again.SequenceNumber, *first.SequenceNumber)
	w.advance(2 * time.Second)
	w.sendFIFO(url, "g", "same", "three")
	equal(t, w.bodies(url), []string{"one", "three"})
}

func TestAGroupKeepsItsOrderAndWaitsForItsHead(t *testing.T) {
	w := newWorld(t)
	url := w.fifo()
	w.sendGroup(url, "a", "a1", "a2")
	w.sendGroup(url, "b", "b1")
	one := func() sqstypes.Message {
		input := sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 1}
		return must(w.SQS.ReceiveMessage(t.Context(), &input))(t).Messages[0]
	}
	head := one()
	equal(t, *head.Body, "a1")
	equal(t, *one().Body, "b1")
	absent(t, "Messages", w.receive(url))
	w.delete(url, head)
	equal(t, *one().Body, "a2")
}

func TestAReceiveAttemptRepeatedGivesTheSameMessages(t *testing.T) {
	w := newWorld(t)
	url := w.fifo()
	w.sendGroup(url, "g", "one", "two")
	attempt := func(id string) []string {
		answer := must(w.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: &url, MaxNumberOfMessages: 1, ReceiveRequestAttemptId: aws.String(id),
		}))(t)
		var bodies []string
		for _, message := range answer.Messages {
			bodies = append(bodies, *message.Body)
		}
		return bodies
	}
	equal(t, attempt("first"), []string{"one"})
	equal(t, attempt("first"), []string{"one"})
	equal(t, attempt("second"), []string(nil))
}
