package compat

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestQueuesAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	var created []string
	for number := range 7 {
		created = append(created, w.namedQueue(fmt.Sprintf("orders-%d", number), nil))
	}
	w.namedQueue("other", nil)

	pages := sqs.NewListQueuesPaginator(w.SQS, &sqs.ListQueuesInput{
		MaxResults: aws.Int32(3), QueueNamePrefix: aws.String("orders-"),
	})
	var sizes []int
	var listed []string
	for pages.HasMorePages() {
		page := must(pages.NextPage(t.Context()))(t)
		sizes = append(sizes, len(page.QueueUrls))
		listed = append(listed, page.QueueUrls...)
	}
	equal(t, sizes, []int{3, 3, 1})
	equal(t, listed, created)
}

func TestNoQueuesIsNoList(t *testing.T) {
	w := newWorld(t)
	answer := must(w.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{}))(t)
	absent(t, "QueueUrls", answer.QueueUrls)
	absent(t, "NextToken", answer.NextToken)
}

func TestSourcesOfADeadLetterQueueAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	dead := w.queue(nil)
	var created, listed []string
	for range 3 {
		created = append(created, w.withDeadLetters(dead, 3))
	}
	pages := sqs.NewListDeadLetterSourceQueuesPaginator(w.SQS, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: &dead, MaxResults: aws.Int32(2),
	})
	for pages.HasMorePages() {
		listed = append(listed, must(pages.NextPage(t.Context()))(t).QueueUrls...)
	}
	slices.Sort(created)
	slices.Sort(listed)
	equal(t, listed, created)
}

func TestAttributesReadBackAsTheyWereSet(t *testing.T) {
	w := newWorld(t)
	dead := w.queue(nil)
	policy := fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":3}`, w.queueARN(dead))
	given := Attributes{"VisibilityTimeout": "7", "DelaySeconds": "1", "RedrivePolicy": policy}
	url := w.queue(given)
	equal(t, w.attributes(url, "VisibilityTimeout", "DelaySeconds", "RedrivePolicy"), given)
	equal(t, w.attributes(url, sqstypes.QueueAttributeNameQueueArn), Attributes{"QueueArn": w.queueARN(url)})
	absent(t, "Attributes", w.attributes(url, sqstypes.QueueAttributeNamePolicy))
}

func TestAQueueMadeAgainIsTheSame(t *testing.T) {
	w := newWorld(t)
	given := Attributes{"VisibilityTimeout": "7"}
	equal(t, w.namedQueue("orders", given), w.namedQueue("orders", given))
	found := must(w.SQS.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("orders")}))(t)
	equal(t, *found.QueueUrl, w.Server.URL+"/"+w.Account+"/orders")
}

func TestTagsOfAQueue(t *testing.T) {
	w := newWorld(t)
	url := w.queue(nil)
	tags := func() map[string]string {
		return must(w.SQS.ListQueueTags(t.Context(), &sqs.ListQueueTagsInput{QueueUrl: &url}))(t).Tags
	}
	absent(t, "Tags", tags())
	given := map[string]string{"team": "größe 🎈", "empty": ""}
	must(w.SQS.TagQueue(t.Context(), &sqs.TagQueueInput{QueueUrl: &url, Tags: given}))(t)
	equal(t, tags(), given)
	must(w.SQS.UntagQueue(t.Context(), &sqs.UntagQueueInput{QueueUrl: &url, TagKeys: []string{"team", "empty"}}))(t)
	absent(t, "Tags", tags())
}
