package compat

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"fanlight.test/compat/support"
)

const noQueue = "The specified queue does not exist."

func TestAQueueThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	url := w.Server.URL + "/" + w.Account + "/nothing"
	const code = "AWS.SimpleQueueService.NonExistentQueue"
	_, err := w.SQS.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("nothing")})
	typed := refused[*sqstypes.QueueDoesNotExist](t, err, code, noQueue, 400)
	equal(t, typed.ErrorFault(), smithy.FaultClient)
	_, err = w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("hello")})
	refused[*sqstypes.QueueDoesNotExist](t, err, code, noQueue, 400)
	_, err = w.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
	refused[*sqstypes.QueueDoesNotExist](t, err, code, noQueue, 400)
}

func TestADeletedQueueIsNotThere(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	must(w.SQS.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}))(t)
	_, err := w.SQS.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url})
	refused[*sqstypes.QueueDoesNotExist](t, err, "AWS.SimpleQueueService.NonExistentQueue", noQueue, 400)
}

func TestANameThatIsTaken(t *testing.T) {
	w := newWorld(t)
	w.namedQueue("orders", Attributes{"DelaySeconds": "1"})
	_, err := w.SQS.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String("orders"), Attributes: Attributes{"DelaySeconds": "2"},
	})
	refused[*sqstypes.QueueNameExists](t, err, "QueueAlreadyExists",
		"A queue already exists with the same name and a different value for attribute DelaySeconds", 400)
}

func TestAReceiptHandleThatIsNone(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	_, err := w.SQS.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{
		QueueUrl: &url, ReceiptHandle: aws.String("garbage"),
	})
	refused[*sqstypes.ReceiptHandleIsInvalid](t, err, "ReceiptHandleIsInvalid",
		`The input receipt handle "garbage" is not a valid receipt handle.`, 404)
}

func TestBatchesThatFailWhole(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	send := func(ids ...string) error {
		entries := []sqstypes.SendMessageBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String("hello")})
		}
		_, err := w.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
		return err
	}
	var eleven []string
	for number := range 11 {
		eleven = append(eleven, strconv.Itoa(number))
	}
	const prefix = "AWS.SimpleQueueService."
	refused[*sqstypes.BatchEntryIdsNotDistinct](t, send("a", "a"), prefix+"BatchEntryIdsNotDistinct", "Id a repeated.", 400)
	refused[*sqstypes.EmptyBatchRequest](t, send(), prefix+"EmptyBatchRequest",
		"There should be at least one SendMessageBatchRequestEntry in the request.", 400)
	refused[*sqstypes.TooManyEntriesInBatchRequest](t, send(eleven...), prefix+"TooManyEntriesInBatchRequest",
		"Maximum number of entries per request are 10. You have sent 11.", 400)
	refusedLike[*sqstypes.InvalidBatchEntryId](t, send("a:b"), prefix+"InvalidBatchEntryId", "^A batch entry id can only", 400)
	absent(t, "Messages", w.receive(url))
}

func TestABatchThatIsTooLong(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	half := strings.Repeat("x", mebibyte/2)
	_, err := w.SQS.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: &url,
		Entries: []sqstypes.SendMessageBatchRequestEntry{
			{Id: aws.String("a"), MessageBody: &half},
			{Id: aws.String("b"), MessageBody: aws.String(half + "x")},
		},
	})
	refused[*sqstypes.BatchRequestTooLong](t, err, "AWS.SimpleQueueService.BatchRequestTooLong",
		"Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.", 400)
}

func TestAttributesThatAreRefused(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	set := func(name, value string) error {
		_, err := w.SQS.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{
			QueueUrl: &url, Attributes: Attributes{name: value},
		})
		return err
	}
	refused[*sqstypes.InvalidAttributeName](t, set("Foobar", "1"), "InvalidAttributeName", "Unknown Attribute Foobar.", 400)
	refused[*sqstypes.InvalidAttributeValue](t, set("DelaySeconds", "901"), "InvalidAttributeValue",
		"Invalid value for the parameter DelaySeconds.", 400)
}

func TestContentsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	_, err := w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("\x08")})
	refusedLike[*sqstypes.InvalidMessageContents](t, err, "InvalidMessageContents", "", 400)
}

// The model of SQS declares no type for it, so the SDK makes a generic one, with the query protocol's code and fault.
func TestErrorsWithoutATypeAreTheCallersFault(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	_, err := w.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 21})
	typed := refused[*smithy.GenericAPIError](t, err, "InvalidParameterValue",
		"Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.", 400)
	equal(t, typed.Fault, smithy.FaultClient)

	body := strings.Repeat("x", mebibyte+1)
	_, err = w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body})
	refused[*smithy.GenericAPIError](t, err, "InvalidParameterValue",
		"One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.", 400)

	fifo := w.fifo()
	_, err = w.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &fifo, MessageBody: aws.String("hello")})
	refused[*smithy.GenericAPIError](t, err, "MissingParameter", "The request must contain the parameter MessageGroupId.", 400)
}

func TestAMoveTaskOfAQueueThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	_, err := w.SQS.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: aws.String(w.queueARN("x/nothing")),
	})
	refused[*sqstypes.ResourceNotFoundException](t, err, "ResourceNotFoundException",
		"The resource that you specified for the SourceArn parameter doesn't exist.", 404)
}

func TestSecondPurgeWithinAMinuteUnderStrictTiming(t *testing.T) {
	server := must(support.Start("--strict-timing"))(t)
	defer func() { ok(t, server.Stop()) }()
	w := worldOn(t, server, newAccount(), "us-east-1")
	url := w.namedQueue("orders", nil)
	must(w.SQS.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &url}))(t)
	_, err := w.SQS.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &url})
	refused[*sqstypes.PurgeQueueInProgress](t, err, "AWS.SimpleQueueService.PurgeQueueInProgress",
		"Only one PurgeQueue operation on orders is allowed every 60 seconds.", 403)
	must(w.SQS.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}))(t)
	_, err = w.SQS.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("orders")})
	refused[*sqstypes.QueueDeletedRecently](t, err, "AWS.SimpleQueueService.QueueDeletedRecently",
		"You must wait 60 seconds after deleting a queue before you can create another with the same name.", 400)
}
