package compat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// Envelope is what subscribers get that did not ask for the raw message.
type Envelope struct {
	Type              string
	MessageId         string
	Token             string
	TopicArn          string
	Subject           string
	Message           string
	Timestamp         string
	SignatureVersion  string
	Signature         string
	SigningCertURL    string
	SubscribeURL      string
	UnsubscribeURL    string
	MessageAttributes map[string]struct{ Type, Value string }
}

func (w *World) topic(attributes Attributes) string {
	w.Helper()
	name := newName("topic")
	if attributes["FifoTopic"] == "true" {
		name += ".fifo"
	}
	return *must(w.SNS.CreateTopic(w.Context(), &sns.CreateTopicInput{Name: &name, Attributes: attributes}))(w).TopicArn
}

func (w *World) subscribe(topic, protocol, endpoint string, attributes Attributes) string {
	w.Helper()
	return *must(w.SNS.Subscribe(w.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes, ReturnSubscriptionArn: true,
	}))(w).SubscriptionArn
}

// listen gives the URL of a new queue that is subscribed to the topic.
func (w *World) listen(topic string, attributes Attributes) string {
	w.Helper()
	var url string
	if strings.HasSuffix(topic, ".fifo") {
		url = w.fifo()
	} else {
		url = w.queue(nil)
	}
	w.subscribe(topic, "sqs", w.queueARN(url), attributes)
	return url
}

func (w *World) publish(topic, message string) *sns.PublishOutput {
	w.Helper()
	return must(w.SNS.Publish(w.Context(), &sns.PublishInput{TopicArn: &topic, Message: &message}))(w)
}

func (w *World) envelope(url string) Envelope {
	w.Helper()
	return decode[Envelope](w, *w.receiveOne(url).Body)
}

func text(value string) snstypes.MessageAttributeValue {
	return snstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

func TestTopicsAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	var created, listed []string
	for range 101 {
		created = append(created, w.topic(nil))
	}
	pages := sns.NewListTopicsPaginator(w.SNS, &sns.ListTopicsInput{})
	var sizes []int
	for pages.HasMorePages() {
		page := must(pages.NextPage(t.Context()))(t)
		sizes = append(sizes, len(page.Topics))
		for _, topic := range page.Topics {
			listed = append(listed, *topic.TopicArn)
		}
	}
	equal(t, sizes, []int{100, 1})
	slices.Sort(created)
	slices.Sort(listed)
	equal(t, listed, created)
}

func TestSubscriptionsAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	created := map[string]bool{}
	for number := range 101 {
		created[w.subscribe(topic, "sqs", w.arn("sqs", fmt.Sprint("queue-", number)), nil)] = true
	}
	pages := sns.NewListSubscriptionsByTopicPaginator(w.SNS, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	count := 0
	for pages.HasMorePages() {
		for _, subscription := range must(pages.NextPage(t.Context()))(t).Subscriptions {
			count++
			delete(created, *subscription.SubscriptionArn)
			equal(t, *subscription.Owner, w.Account)
		}
	}
	equal(t, count, 101)
	equal(t, created, map[string]bool{})
}

// SNS sends empty lists, not none; the SDK makes a list of them.
func TestEmptyListsOfSNS(t *testing.T) {
	w := newWorld(t)
	topics := must(w.SNS.ListTopics(t.Context(), &sns.ListTopicsInput{}))(t)
	equal(t, topics.Topics, []snstypes.Topic{})
	absent(t, "NextToken", topics.NextToken)
	topic := w.topic(nil)
	found := must(w.SNS.ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: &topic}))(t)
	equal(t, found.Subscriptions, []snstypes.Subscription{})
	tags := must(w.SNS.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: &topic}))(t)
	equal(t, tags.Tags, []snstypes.Tag{})
}

func TestTagsOfATopic(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	given := []snstypes.Tag{{Key: aws.String("team"), Value: aws.String("größe & <more>")}}
	must(w.SNS.TagResource(t.Context(), &sns.TagResourceInput{ResourceArn: &topic, Tags: given}))(t)
	found := must(w.SNS.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: &topic}))(t)
	equal(t, found.Tags, given)
}

func TestTheEnvelope(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, nil)
	message := "grüße 🎈 <&> \"quoted\" \\ \r\n"
	started := time.Now()
	answer := must(w.SNS.Publish(t.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: &message, Subject: aws.String("News & more"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{
			"kind":  text("order"),
			"bytes": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 0xff}},
		},
	}))(t)
	absent(t, "SequenceNumber", answer.SequenceNumber)

	received := w.receiveOne(url)
	absent(t, "MessageAttributes", received.MessageAttributes)
	envelope := decode[Envelope](w, *received.Body)
	equal(t, envelope.Type, "Notification")
	equal(t, envelope.MessageId, *answer.MessageId)
	equal(t, envelope.TopicArn, topic)
	equal(t, envelope.Message, message)
	equal(t, envelope.Subject, "News & more")
	equal(t, envelope.MessageAttributes, map[string]struct{ Type, Value string }{
		"kind": {"String", "order"}, "bytes": {"Binary", "AP8="},
	})
	sent := must(time.Parse("2006-01-02T15:04:05.000Z", envelope.Timestamp))(t)
	near(t, &sent, started, patience)
}

func TestARawMessageKeepsItsAttributes(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, Attributes{"RawMessageDelivery": "true"})
	must(w.SNS.Publish(t.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: aws.String("hello"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{
			"kind":  text("order"),
			"price": {DataType: aws.String("Number"), StringValue: aws.String("1.50")},
			"bytes": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 0xff}},
		},
	}))(t)
	received := w.receiveOne(url)
	equal(t, *received.Body, "hello")
	equal(t, received.MessageAttributes, map[string]sqstypes.MessageAttributeValue{
		"kind":  {DataType: aws.String("String"), StringValue: aws.String("order")},
		"price": {DataType: aws.String("Number"), StringValue: aws.String("1.50")},
		"bytes": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 0xff}},
	})
	equal(t, *received.MD5OfMessageAttributes, md5OfAttributes(received.MessageAttributes))
}

func TestAFilterPolicy(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	raw := Attributes{"RawMessageDelivery": "true", "FilterPolicy": `{"kind": ["order"], "price": [{"numeric": [">=", 100]}]}`}
	matching, other := w.listen(topic, raw), w.listen(topic, Attributes{"RawMessageDelivery": "true", "FilterPolicy": `{"kind": ["refund"]}`})
	must(w.SNS.Publish(t.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: aws.String("hello"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{
			"kind": text("order"), "price": {DataType: aws.String("Number"), StringValue: aws.String("100.0")},
		},
	}))(t)
	equal(t, w.bodies(matching), []string{"hello"})
	absent(t, "Messages", w.receive(other))
}

func TestAPublishBatch(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, Attributes{"RawMessageDelivery": "true"})
	publish := func(entries ...snstypes.PublishBatchRequestEntry) (*sns.PublishBatchOutput, error) {
		return w.SNS.PublishBatch(t.Context(), &sns.PublishBatchInput{
			TopicArn: &topic, PublishBatchRequestEntries: entries,
		})
	}
	answer := must(publish(
		snstypes.PublishBatchRequestEntry{
			Id: aws.String("a"), Message: aws.String("ü"),
			MessageAttributes: map[string]snstypes.MessageAttributeValue{"k": text("v")},
		},
		snstypes.PublishBatchRequestEntry{Id: aws.String("b"), Message: aws.String("plain")},
	))(t)
	equal(t, len(answer.Successful), 2)
	equal(t, []string{*answer.Successful[0].Id, *answer.Successful[1].Id}, []string{"a", "b"})
	present(t, "MessageId", answer.Successful[0].MessageId)
	equal(t, answer.Failed, []snstypes.BatchResultErrorEntry{})
	found := map[string]int{}
	for _, message := range w.receive(url) {
		found[*message.Body] = len(message.MessageAttributes)
		w.delete(url, message)
	}
	equal(t, found, map[string]int{"ü": 1, "plain": 0})

	// AWS refuses the whole call for an entry that is not formed as it should be.
	_, err := publish(
		snstypes.PublishBatchRequestEntry{Id: aws.String("good"), Message: aws.String("hello")},
		snstypes.PublishBatchRequestEntry{Id: aws.String("bad"), Message: aws.String("{}"), MessageStructure: aws.String("json")},
	)
	refused[*snstypes.InvalidParameterException](t, err, "InvalidParameter",
		"Invalid parameter: Message Structure - No default entry in JSON message body", 400)
	absent(t, "Messages", w.receive(url))
}

func TestAFIFOTopicFeedsAFIFOQueue(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(Attributes{"FifoTopic": "true", "ContentBasedDeduplication": "true"})
	url := w.listen(topic, Attributes{"RawMessageDelivery": "true"})
	var numbers []string
	for _, message := range []string{"one", "two", "one"} {
		answer := must(w.SNS.Publish(t.Context(), &sns.PublishInput{
			TopicArn: &topic, Message: &message, MessageGroupId: aws.String("g"),
		}))(t)
		numbers = append(numbers, *answer.SequenceNumber)
	}
	equal(t, numbers[2], numbers[0])
	equal(t, strings.Compare(numbers[0], numbers[1]), -1)
	equal(t, w.bodies(url), []string{"one", "two"})
}

func TestAQueueSubscribedAgainIsTheSameSubscription(t *testing.T) {
	w := newWorld(t)
	topic, queue := w.topic(nil), w.queueARN(w.queue(nil))
	raw := Attributes{"RawMessageDelivery": "true"}
	first := w.subscribe(topic, "sqs", queue, raw)
	equal(t, w.subscribe(topic, "sqs", queue, raw), first)
	found := must(w.SNS.GetSubscriptionAttributes(t.Context(), &sns.GetSubscriptionAttributesInput{
		SubscriptionArn: &first,
	}))(t)
	equal(t, found.Attributes["RawMessageDelivery"], "true")
	equal(t, found.Attributes["PendingConfirmation"], "false")
	if _, there := found.Attributes["FilterPolicy"]; there {
		t.Fatal("an attribute that is not set is not told")
	}
}

func TestRefusalsOfSNS(t *testing.T) {
	w := newWorld(t)
	nothing := w.arn("sns", "nothing")
	_, err := w.SNS.Publish(t.Context(), &sns.PublishInput{TopicArn: &nothing, Message: aws.String("hello")})
	typed := refused[*snstypes.NotFoundException](t, err, "NotFound", "Topic does not exist", 404)
	equal(t, typed.ErrorFault(), smithy.FaultClient)
	_, err = w.SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("a b")})
	refused[*snstypes.InvalidParameterException](t, err, "InvalidParameter", "Invalid parameter: Topic Name", 400)
	_, err = w.SNS.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: &nothing})
	refused[*snstypes.ResourceNotFoundException](t, err, "ResourceNotFound", "Resource does not exist", 404)

	topic := w.topic(nil)
	entry := snstypes.PublishBatchRequestEntry{Id: aws.String("a"), Message: aws.String("hello")}
	_, err = w.SNS.PublishBatch(t.Context(), &sns.PublishBatchInput{
		TopicArn: &topic, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{entry, entry},
	})
	refusedLike[*snstypes.BatchEntryIdsNotDistinctException](t, err, "BatchEntryIdsNotDistinct", "", 400)
	_, err = w.SNS.PublishBatch(t.Context(), &sns.PublishBatchInput{
		TopicArn: &topic, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{},
	})
	refusedLike[*snstypes.EmptyBatchRequestException](t, err, "EmptyBatchRequest", "", 400)
}
