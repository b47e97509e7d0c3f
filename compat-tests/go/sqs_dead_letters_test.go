package compat

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// release makes a received message visible at once. The SDK must send this zero, though it leaves others out.
func (w *World) release(url string, message sqstypes.Message) {
	w.Helper()
	must(w.SQS.ChangeMessageVisibility(w.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &url, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0,
	}))(w)
}

func TestAMessageReceivedTooOftenIsADeadLetter(t *testing.T) {
	w := newWorld(t)
	dead := w.queue(nil)
	source := w.withDeadLetters(dead, 2)
	sent := w.send(source, "poison")
	w.release(source, w.receiveOne(source))
	w.release(source, w.receiveOne(source))
	absent(t, "Messages", w.receive(source))

	letter := w.receiveOne(dead)
	equal(t, *letter.MessageId, *sent.MessageId)
	equal(t, letter.Attributes["DeadLetterQueueSourceArn"], w.queueARN(source))
	equal(t, letter.Attributes["ApproximateReceiveCount"], "3")
}

func TestDeadLettersAreMovedBack(t *testing.T) {
	w := newWorld(t)
	dead := w.queue(nil)
	source := w.withDeadLetters(dead, 1)
	for _, body := range []string{"a", "b", "c"} {
		w.send(source, body)
	}
	for _, message := range w.receive(source) {
		w.release(source, message)
	}
	absent(t, "Messages", w.receive(source))

	started := must(w.SQS.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: aws.String(w.queueARN(dead)),
	}))(t)
	present(t, "TaskHandle", started.TaskHandle)
	task := until(t, "the task to end", func() (sqstypes.ListMessageMoveTasksResultEntry, bool) {
		answer := must(w.SQS.ListMessageMoveTasks(t.Context(), &sqs.ListMessageMoveTasksInput{
			SourceArn: aws.String(w.queueARN(dead)),
		}))(t)
		equal(t, len(answer.Results), 1)
		return answer.Results[0], *answer.Results[0].Status == "COMPLETED"
	})
	equal(t, task.ApproximateNumberOfMessagesMoved, int64(3))
	equal(t, task.ApproximateNumberOfMessagesToMove, aws.Int64(3))
	equal(t, *task.SourceArn, w.queueARN(dead))
	absent(t, "DestinationArn", task.DestinationArn)
	absent(t, "TaskHandle", task.TaskHandle)
	absent(t, "FailureReason", task.FailureReason)
	equal(t, w.bodies(source), []string{"a", "b", "c"})
}
