package compat

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventstypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"
)

const everything = `{"source": [{"prefix": ""}]}`

// Event is what a target gets.
type Event struct {
	Version    string         `json:"version"`
	ID         string         `json:"id"`
	DetailType string         `json:"detail-type"`
	Source     string         `json:"source"`
	Account    string         `json:"account"`
	Time       time.Time      `json:"time"`
	Region     string         `json:"region"`
	Resources  []string       `json:"resources"`
	Detail     map[string]any `json:"detail"`
	ReplayName string         `json:"replay-name"`
}

func (w *World) bus() string {
	w.Helper()
	name := newName("bus")
	must(w.Events.CreateEventBus(w.Context(), &eventbridge.CreateEventBusInput{Name: &name}))(w)
	return name
}

func (w *World) rule(bus, pattern string) string {
	w.Helper()
	name := newName("rule")
	must(w.Events.PutRule(w.Context(), &eventbridge.PutRuleInput{Name: &name, EventBusName: &bus, EventPattern: &pattern}))(w)
	return name
}

// inbox gives the URL of a new queue that is the target of a new rule; `shape` may say what the queue gets.
func (w *World) inbox(bus, pattern string, shape func(*eventstypes.Target)) string {
	w.Helper()
	url, rule := w.queue(nil), w.rule(bus, pattern)
	target := eventstypes.Target{Id: aws.String("queue"), Arn: aws.String(w.queueARN(url))}
	if shape != nil {
		shape(&target)
	}
	answer := must(w.Events.PutTargets(w.Context(), &eventbridge.PutTargetsInput{
		Rule: &rule, EventBusName: &bus, Targets: []eventstypes.Target{target},
	}))(w)
	equal(w, answer.FailedEntryCount, int32(0))
	return url
}

func (w *World) events(url string) []Event {
	w.Helper()
	var events []Event
	for _, message := range w.receive(url) {
		events = append(events, decode[Event](w, *message.Body))
	}
	return events
}

func entry(bus, detail string) eventstypes.PutEventsRequestEntry {
	return eventstypes.PutEventsRequestEntry{
		EventBusName: &bus, Source: aws.String("shop"), DetailType: aws.String("OrderCreated"), Detail: &detail,
	}
}

func (w *World) put(entries ...eventstypes.PutEventsRequestEntry) *eventbridge.PutEventsOutput {
	w.Helper()
	return must(w.Events.PutEvents(w.Context(), &eventbridge.PutEventsInput{Entries: entries}))(w)
}

func TestAnEventReachesItsTarget(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	url := w.inbox(bus, `{"source": ["shop"], "detail": {"amount": [{"numeric": [">", 10]}]}}`, nil)
	other := w.inbox(bus, `{"source": ["bank"]}`, nil)
	sent := entry(bus, `{"amount": 12.50, "name": "größe 🎈"}`)
	// The SDK sends times as seconds with a fraction.
	at := time.Date(2026, 2, 3, 4, 5, 6, 789_000_000, time.UTC)
	sent.Time, sent.Resources = &at, []string{"arn:aws:s3:::bucket"}
	answer := w.put(sent)
	equal(t, answer.FailedEntryCount, int32(0))
	absent(t, "ErrorCode", answer.Entries[0].ErrorCode)
	equal(t, w.events(url), []Event{{
		Version: "0", ID: *answer.Entries[0].EventId, DetailType: "OrderCreated", Source: "shop", Account: w.Account,
		Time: at.Truncate(time.Second), Region: w.Region, Resources: []string{"arn:aws:s3:::bucket"},
		Detail: map[string]any{"amount": 12.5, "name": "größe 🎈"},
	}})
	absent(t, "Messages", w.receive(other))
}

func TestEntriesOfPutEventsFailAlone(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	url := w.inbox(bus, everything, nil)
	answer := w.put(entry(bus, `{"n": 1}`), entry(bus, `not JSON`), entry(bus, `{"n": 3}`))
	equal(t, answer.FailedEntryCount, int32(1))
	equal(t, answer.Entries[1], eventstypes.PutEventsResultEntry{
		ErrorCode: aws.String("MalformedDetail"), ErrorMessage: aws.String("Detail is malformed."),
	})
	present(t, "EventId", answer.Entries[0].EventId)
	present(t, "EventId", answer.Entries[2].EventId)
	equal(t, len(w.events(url)), 2)
}

func TestEventsAreSmallerThanAMebibyte(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	url := w.inbox(bus, everything, nil)
	// AWS: "Calculating Amazon EventBridge PutEvents event entry size": source, detail type and detail count.
	room := mebibyte - len("shop") - len("OrderCreated") - len(`{"a":""}`)
	event := func(length int) *eventbridge.PutEventsInput {
		detail := fmt.Sprintf(`{"a":"%s"}`, strings.Repeat("x", length))
		return &eventbridge.PutEventsInput{Entries: []eventstypes.PutEventsRequestEntry{entry(bus, detail)}}
	}
	_, err := w.Events.PutEvents(t.Context(), event(room))
	refused[*smithy.GenericAPIError](t, err, "ValidationException", "Total size of the entries in the request is over the limit.", 400)
	// The event has more members than its entry, and must fit into a message, too.
	must(w.Events.PutEvents(t.Context(), event(room-1000)))(t)
	equal(t, len(w.events(url)[0].Detail["a"].(string)), room-1000)
}

func TestAnInputTransformer(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	url := w.inbox(bus, everything, func(target *eventstypes.Target) {
		target.InputTransformer = &eventstypes.InputTransformer{
			InputPathsMap: map[string]string{"id": "$.detail.id", "items": "$.detail.items", "kind": "$.detail-type"},
			InputTemplate: aws.String(`{"order": <id>, "items": <items>, "text": "<kind> in <aws.events.rule-name>"}`),
		}
	})
	w.put(entry(bus, `{"id": "o-1", "items": [1, {"n": 2}]}`))
	message := decode[map[string]any](w, *w.receiveOne(url).Body)
	equal(t, message["order"], "o-1")
	equal(t, encode(w, message["items"]), `[1,{"n":2}]`)
	if told := message["text"].(string); !strings.HasPrefix(told, "OrderCreated in rule-") {
		t.Fatalf("found %q", told)
	}
}

func TestPatternsAreTested(t *testing.T) {
	w := newWorld(t)
	event := fmt.Sprintf(`{"id": "1", "detail-type": "T", "source": "shop", "account": "%s", "time": "2026-02-03T04:05:06Z",
		"region": "us-east-1", "resources": [], "detail": {"name": "größe"}}`, w.Account)
	matches := func(pattern string) bool {
		answer := must(w.Events.TestEventPattern(t.Context(), &eventbridge.TestEventPatternInput{
			EventPattern: &pattern, Event: &event,
		}))(t)
		return answer.Result
	}
	equal(t, matches(`{"detail": {"name": [{"wildcard": "gr*e"}]}}`), true)
	equal(t, matches(`{"detail": {"name": [{"anything-but": ["größe"]}]}}`), false)
}

func TestRulesAndTargetsReadBack(t *testing.T) {
	w := newWorld(t)
	bus, name := w.bus(), newName("rule")
	put := must(w.Events.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: &name, EventBusName: &bus, EventPattern: aws.String(everything), Description: aws.String("größe"),
		State: eventstypes.RuleStateDisabled,
	}))(t)
	rule := must(w.Events.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: &name, EventBusName: &bus}))(t)
	equal(t, *put.RuleArn, w.arn("events", "rule/"+bus+"/"+name))
	equal(t, *rule.Arn, *put.RuleArn)
	equal(t, *rule.EventPattern, everything)
	equal(t, *rule.Description, "größe")
	equal(t, rule.State, eventstypes.RuleStateDisabled)
	absent(t, "ScheduleExpression", rule.ScheduleExpression)

	targets := func() []eventstypes.Target {
		input := eventbridge.ListTargetsByRuleInput{Rule: &name, EventBusName: &bus}
		return must(w.Events.ListTargetsByRule(t.Context(), &input))(t).Targets
	}
	equal(t, targets(), []eventstypes.Target{})
	target := eventstypes.Target{
		Id: aws.String("queue"), Arn: aws.String(w.queueARN(w.queue(nil))), Input: aws.String(`{"n": 1}`),
		RetryPolicy: &eventstypes.RetryPolicy{MaximumRetryAttempts: aws.Int32(0), MaximumEventAgeInSeconds: aws.Int32(60)},
	}
	answer := must(w.Events.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
		Rule: &name, EventBusName: &bus, Targets: []eventstypes.Target{target},
	}))(t)
	equal(t, answer.FailedEntries, []eventstypes.PutTargetsResultEntry{})
	equal(t, targets(), []eventstypes.Target{target})
}

// EventBridge's part of the SDK has no paginators; programs hand the token on.
func TestRulesAreListedPageByPage(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	var created, listed []string
	for range 5 {
		created = append(created, w.rule(bus, everything))
	}
	input := eventbridge.ListRulesInput{EventBusName: &bus, Limit: aws.Int32(2)}
	pages := 0
	for {
		page := must(w.Events.ListRules(t.Context(), &input))(t)
		pages++
		for _, rule := range page.Rules {
			listed = append(listed, *rule.Name)
		}
		if page.NextToken == nil {
			break
		}
		input.NextToken = page.NextToken
	}
	equal(t, pages, 3)
	equal(t, listed, created)
}

func TestTimesOfAnEventBus(t *testing.T) {
	w := newSteeredWorld(t)
	bus := w.bus()
	created := w.now()
	w.advance(time.Hour)
	must(w.Events.UpdateEventBus(t.Context(), &eventbridge.UpdateEventBusInput{
		Name: &bus, Description: aws.String("changed"),
	}))(t)
	found := must(w.Events.DescribeEventBus(t.Context(), &eventbridge.DescribeEventBusInput{Name: &bus}))(t)
	near(t, found.CreationTime, created, time.Second)
	near(t, found.LastModifiedTime, created.Add(time.Hour), time.Second)
}

func TestTagsOfARule(t *testing.T) {
	w := newWorld(t)
	name := newName("rule")
	given := []eventstypes.Tag{{Key: aws.String("team"), Value: aws.String("größe")}}
	put := must(w.Events.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: &name, EventPattern: aws.String(everything), Tags: given,
	}))(t)
	tags := func() []eventstypes.Tag {
		return must(w.Events.ListTagsForResource(t.Context(), &eventbridge.ListTagsForResourceInput{
			ResourceARN: put.RuleArn,
		}))(t).Tags
	}
	equal(t, tags(), given)
	must(w.Events.UntagResource(t.Context(), &eventbridge.UntagResourceInput{
		ResourceARN: put.RuleArn, TagKeys: []string{"team"},
	}))(t)
	equal(t, tags(), []eventstypes.Tag{})
}

func TestRefusalsOfEventBridge(t *testing.T) {
	w := newWorld(t)
	bus := w.bus()
	_, err := w.Events.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: aws.String("nothing")})
	refused[*eventstypes.ResourceNotFoundException](t, err, "ResourceNotFoundException",
		"Rule nothing does not exist on EventBus default.", 400)
	_, err = w.Events.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: &bus})
	refused[*eventstypes.ResourceAlreadyExistsException](t, err, "ResourceAlreadyExistsException",
		"Event bus "+bus+" already exists.", 400)
	_, err = w.Events.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("r"), EventPattern: aws.String(`{"source": []}`),
	})
	refused[*eventstypes.InvalidEventPatternException](t, err, "InvalidEventPatternException",
		"Event pattern is not valid. Reason: Empty arrays are not allowed\n at [Source: (String)\"{\"source\": []}\"; line: 1, column: 14]", 400)
	// The model of EventBridge declares no type for it, so the SDK makes a generic one.
	_, err = w.Events.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("a b"), EventPattern: aws.String(everything),
	})
	refusedLike[*smithy.GenericAPIError](t, err, "ValidationException",
		`^1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint`, 400)
}
