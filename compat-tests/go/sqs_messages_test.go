package compat

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The SDK itself holds MD5OfMessageBody and MD5OfBody against the body, in each of these.
func TestBodiesComeBackAsTheyWere(t *testing.T) {
	bodies := map[string]string{
		"unicode":          "grüße 🎈 日本語 \u2028 e\u0301",
		"markup":           `<a href="x">&amp;</a> \ "quoted" 'single'`,
		"white space":      " \t\r\n lines\rand\nmore ",
		"JSON":             `{"a": [1, 2.50, null], "b": "\u00fc"}`,
		"a whole mebibyte": strings.Repeat("x", mebibyte),
		"a mebibyte of ü":  strings.Repeat("ü", mebibyte/2),
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			url := w.queue(nil)
			sent := w.send(url, body)
			found := w.receiveOne(url)
			if *found.Body != body {
				t.Fatalf("found %.80q", *found.Body)
			}
			equal(t, *found.MessageId, *sent.MessageId)
			equal(t, *found.MD5OfBody, *sent.MD5OfMessageBody)
		})
	}
}

func TestMessageAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	given := map[string]sqstypes.MessageAttributeValue{
		"text":       {DataType: aws.String("String"), StringValue: aws.String("grüße 🎈")},
		"number":     {DataType: aws.String("Number"), StringValue: aws.String("1.50")},
		"bytes":      {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 0xfe, 0xff}},
		"of-a-kind":  {DataType: aws.String("Number.int"), StringValue: aws.String("7")},
		"picture.v1": {DataType: aws.String("Binary.png"), BinaryValue: []byte("\x89PNG\r\n")},
	}
	sent := must(w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("hello"), MessageAttributes: given,
	}))(t)
	equal(t, *sent.MD5OfMessageAttributes, md5OfAttributes(given))
	found := w.receiveOne(url)
	equal(t, found.MessageAttributes, given)
	equal(t, *found.MD5OfMessageAttributes, md5OfAttributes(given))
}

func TestOnlyTheAttributesAskedForAreTold(t *testing.T) {
	w := newWorld(t)
	url := w.queue(Attributes{"VisibilityTimeout": "0"})
	value := sqstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("v")}
	all := map[string]sqstypes.MessageAttributeValue{"order.id": value, "order.kind": value, "other": value}
	must(w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("hello"), MessageAttributes: all,
	}))(t)
	receive := func(names ...string) sqstypes.Message {
		input := sqs.ReceiveMessageInput{QueueUrl: &url, MessageAttributeNames: names}
		return must(w.SQS.ReceiveMessage(t.Context(), &input))(t).Messages[0]
	}

	nothing := receive()
	absent(t, "MessageAttributes", nothing.MessageAttributes)
	absent(t, "MD5OfMessageAttributes", nothing.MD5OfMessageAttributes)
	absent(t, "Attributes", nothing.Attributes)
	some := receive("order.*")
	equal(t, slices.Sorted(maps.Keys(some.MessageAttributes)), []string{"order.id", "order.kind"})
	equal(t, *some.MD5OfMessageAttributes, md5OfAttributes(some.MessageAttributes))
}

func TestSystemAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	started := time.Now()
	sent := must(w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("hello"),
		MessageSystemAttributes: map[string]sqstypes.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String(trace)},
		},
	}))(t)
	absent(t, "MD5OfMessageAttributes", sent.MD5OfMessageAttributes)
	equal(t, *sent.MD5OfMessageSystemAttributes, md5OfAttributes(map[string]sqstypes.MessageAttributeValue{
		"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String(trace)},
	}))

	found := w.receiveOne(url)
	equal(t, found.Attributes["AWSTraceHeader"], trace)
	equal(t, found.Attributes["ApproximateReceiveCount"], "1")
	for _, name := range []string{"SentTimestamp", "ApproximateFirstReceiveTimestamp"} {
		milliseconds := must(strconv.ParseInt(found.Attributes[name], 10, 64))(t)
		at := time.UnixMilli(milliseconds)
		near(t, &at, started, patience)
	}
}

func TestAnEmptyReceiveHasNoList(t *testing.T) {
	w := newWorld(t)
	absent(t, "Messages", w.receive(w.queue(nil)))
}

func TestMessagesOfABatchFailAlone(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	answer := must(w.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: &url,
		Entries: []sqstypes.SendMessageBatchRequestEntry{
			{Id: aws.String("good"), MessageBody: aws.String("ü")},
			{Id: aws.String("late"), MessageBody: aws.String("b"), DelaySeconds: 901},
			{Id: aws.String("fine"), MessageBody: aws.String("c")},
			{Id: aws.String("control"), MessageBody: aws.String("\x01")},
		},
	}))(t)
	equal(t, len(answer.Successful), 2)
	equal(t, []string{*answer.Successful[0].Id, *answer.Successful[1].Id}, []string{"good", "fine"})
	equal(t, len(answer.Failed), 2)
	late, control := answer.Failed[0], answer.Failed[1]
	equal(t, late, sqstypes.BatchResultErrorEntry{
		Id: aws.String("late"), Code: aws.String("InvalidParameterValue"), SenderFault: true,
		Message: aws.String("Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."),
	})
	equal(t, *control.Id, "control")
	equal(t, *control.Code, "InvalidMessageContents")
	equal(t, control.SenderFault, true)
	equal(t, w.bodies(url), []string{"c", "ü"})
}

func TestABatchWithoutFailuresHasNoFailedList(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	sent := must(w.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: &url, Entries: []sqstypes.SendMessageBatchRequestEntry{{Id: aws.String("a"), MessageBody: aws.String("a")}},
	}))(t)
	absent(t, "Failed", sent.Failed)
	message := w.receiveOne(url)
	hidden := must(w.SQS.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{
		QueueUrl: &url, Entries: []sqstypes.ChangeMessageVisibilityBatchRequestEntry{
			{Id: aws.String("a"), ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0},
		},
	}))(t)
	absent(t, "Failed", hidden.Failed)
	equal(t, w.receiveOne(url).Attributes["ApproximateReceiveCount"], "2")
}

func TestDeletionsOfABatchFailAlone(t *testing.T) {
	w := newWorld(t)
	url := w.queue(Attributes{"VisibilityTimeout": "0"})
	w.send(url, "hello")
	message := w.receiveOne(url)
	answer := must(w.SQS.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{
		QueueUrl: &url,
		Entries: []sqstypes.DeleteMessageBatchRequestEntry{
			{Id: aws.String("garbage"), ReceiptHandle: aws.String("garbage")},
			{Id: aws.String("good"), ReceiptHandle: message.ReceiptHandle},
		},
	}))(t)
	equal(t, len(answer.Successful), 1)
	equal(t, *answer.Successful[0].Id, "good")
	equal(t, len(answer.Failed), 1)
	equal(t, *answer.Failed[0].Id, "garbage")
	equal(t, *answer.Failed[0].Code, "ReceiptHandleIsInvalid")
	equal(t, answer.Failed[0].SenderFault, true)
	absent(t, "Messages", w.receive(url))
}

func TestADelayedMessageComesWhenItsTimeIsUp(t *testing.T) {
	w := newSteeredWorld(t)
	url := w.queue(nil)
	input := sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("later"), DelaySeconds: 900}
	must(w.SQS.SendMessage(t.Context(), &input))(t)
	w.advance(899 * time.Second)
	absent(t, "Messages", w.receive(url))
	w.advance(time.Second)
	equal(t, w.bodies(url), []string{"later"})
}

func TestManyGoroutinesShareOneClient(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	const senders, each = 16, 10
	var working sync.WaitGroup
	for sender := range senders {
		working.Go(func() {
			for number := range each {
				input := sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(fmt.Sprint(sender, "/", number))}
				if _, err := w.SQS.SendMessage(t.Context(), &input); err != nil {
					t.Error(err)
				}
			}
		})
	}
	working.Wait()

	var mutex sync.Mutex
	found := map[string]int{}
	for range senders {
		working.Go(func() {
			for {
				input := sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10}
				answer, err := w.SQS.ReceiveMessage(t.Context(), &input)
				if err != nil {
					t.Error(err)
				}
				if err != nil || len(answer.Messages) == 0 {
					return
				}
				mutex.Lock()
				for _, message := range answer.Messages {
					found[*message.Body]++
				}
				mutex.Unlock()
			}
		})
	}
	working.Wait()
	equal(t, len(found), senders*each)
	for body, times := range found {
		if times != 1 {
			t.Fatalf("%s came %d times", body, times)
		}
	}
}

// AWS: "Amazon SQS message metadata", the MD5 digest of message attributes. The Go SDK checks those of bodies only.
func md5OfAttributes(attributes map[string]sqstypes.MessageAttributeValue) string {
	var text []byte
	sized := func(data []byte) {
		text = binary.BigEndian.AppendUint32(text, uint32(len(data)))
		text = append(text, data...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[name]
		sized([]byte(name))
		sized([]byte(*value.DataType))
		if value.StringValue != nil {
			text = append(text, 1)
			sized([]byte(*value.StringValue))
		} else {
			text = append(text, 2)
			sized(value.BinaryValue)
		}
	}
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}
