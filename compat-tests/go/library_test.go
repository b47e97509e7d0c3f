package compat

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	eventstypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// The types that Go programs decode messages with, from aws-lambda-go.

func TestLambdaTypesDecodeAnEnvelope(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, nil)
	started := time.Now()
	answer := must(w.SNS.Publish(t.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: aws.String("grüße"), Subject: aws.String("News"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{"kind": text("order")},
	}))(t)
	entity := decode[events.SNSEntity](w, *w.receiveOne(url).Body)
	equal(t, entity.MessageID, *answer.MessageId)
	equal(t, entity.Message, "grüße")
	equal(t, entity.Subject, "News")
	equal(t, entity.TopicArn, topic)
	equal(t, entity.MessageAttributes["kind"], map[string]any{"Type": "String", "Value": "order"})
	near(t, &entity.Timestamp, started, patience)
	for what, member := range map[string]string{
		"Signature": entity.Signature, "SigningCertURL": entity.SigningCertURL, "UnsubscribeURL": entity.UnsubscribeURL,
	} {
		present(t, what, &member)
	}
}

func TestLambdaTypesDecodeAnEvent(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	direct := w.inbox(bus, everything, nil)
	topic := w.topic(nil)
	throughTopic := w.listen(topic, nil)
	w.inbox(bus, everything, func(target *eventstypes.Target) { target.Arn = &topic })
	started := time.Now()
	answer := w.put(entry(bus, `{"order": {"id": 7}}`))

	plain := decode[events.EventBridgeEvent](w, *w.receiveOne(direct).Body)
	wrapped := decode[events.EventBridgeEvent](w, decode[events.SNSEntity](w, *w.receiveOne(throughTopic).Body).Message)
	for _, event := range []events.EventBridgeEvent{plain, wrapped} {
		equal(t, event.ID, *answer.Entries[0].EventId)
		equal(t, event.DetailType, "OrderCreated")
		equal(t, event.AccountID, w.Account)
		equal(t, event.Detail, json.RawMessage(`{"order":{"id":7}}`))
		near(t, &event.Time, started, patience)
	}
}
