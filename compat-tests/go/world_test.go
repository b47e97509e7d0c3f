package compat

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"fanlight.test/compat/support"
)

const (
	mebibyte = 1 << 20
	// How long a test waits for what must come at once.
	patience = 15 * time.Second
)

var (
	accounts atomic.Int64
	names    atomic.Int64
)

// World is what a test sees: an account of its own on a running server, and short words for the usual steps.
type World struct {
	*testing.T
	Server  *support.Server
	Account string
	Region  string
	Config  aws.Config
	SQS     *sqs.Client
	SNS     *sns.Client
	Events  *eventbridge.Client
}

func newWorld(t *testing.T) *World { return worldOn(t, shared, newAccount(), "us-east-1") }

// newSteeredWorld is on the server whose clock stands still until the test advances it.
func newSteeredWorld(t *testing.T) *World { return worldOn(t, steered, newAccount(), "us-east-1") }

func newAccount() string { return fmt.Sprintf("7%011d", accounts.Add(1)) }

func worldOn(t *testing.T, server *support.Server, account, region string) *World {
	t.Helper()
	return worldAt(t, server, server.URL, account, region)
}

// worldAt calls the server by another of its names.
func worldAt(t *testing.T, server *support.Server, endpoint, account, region string) *World {
	t.Helper()
	configuration := loadConfig(t,
		config.WithBaseEndpoint(endpoint),
		config.WithHTTPClient(&support.Wire{}),
		config.WithRegion(region),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(account, "secret", "")),
	)
	return worldOf(t, server, account, configuration)
}

func worldOf(t *testing.T, server *support.Server, account string, configuration aws.Config) *World {
	return &World{
		T: t, Server: server, Account: account, Region: configuration.Region, Config: configuration,
		SQS:    sqs.NewFromConfig(configuration),
		SNS:    sns.NewFromConfig(configuration),
		Events: eventbridge.NewFromConfig(configuration),
	}
}

func loadConfig(t *testing.T, options ...func(*config.LoadOptions) error) aws.Config {
	t.Helper()
	configuration, err := config.LoadDefaultConfig(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	return configuration
}

// Through gives the same account over another HTTP client.
func (w *World) Through(client aws.HTTPClient) *World {
	configuration := w.Config.Copy()
	configuration.HTTPClient = client
	return worldOf(w.T, w.Server, w.Account, configuration)
}

// In gives the same account in another region.
func (w *World) In(region string) *World { return worldOn(w.T, w.Server, w.Account, region) }

func (w *World) advance(by time.Duration) {
	w.Helper()
	ok(w, w.Server.Advance(by))
}

func (w *World) now() time.Time {
	w.Helper()
	now, err := w.Server.Now()
	ok(w, err)
	return now
}

func (w *World) arn(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, w.Region, w.Account, resource)
}

// -- queues ----------------------------------------------------------------------------------------

// Attributes of a queue, a topic or a subscription.
type Attributes map[string]string

func newName(kind string) string { return fmt.Sprintf("%s-%d", kind, names.Add(1)) }

func (w *World) queue(attributes Attributes) string {
	w.Helper()
	return w.namedQueue(newName("queue"), attributes)
}

// fifo is a FIFO queue that needs no deduplication ids.
func (w *World) fifo() string {
	w.Helper()
	return w.namedQueue(newName("queue")+".fifo", Attributes{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
}

func (w *World) namedQueue(name string, attributes Attributes) string {
	w.Helper()
	answer := must(w.SQS.CreateQueue(w.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))(w)
	return *answer.QueueUrl
}

func (w *World) queueARN(url string) string {
	return w.arn("sqs", url[strings.LastIndexByte(url, '/')+1:])
}

// withDeadLetters is a queue whose messages go to another one after so many receives.
func (w *World) withDeadLetters(dead string, receives int) string {
	w.Helper()
	policy := fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":%d}`, w.queueARN(dead), receives)
	return w.queue(Attributes{"RedrivePolicy": policy})
}

func (w *World) send(url, body string) *sqs.SendMessageOutput {
	w.Helper()
	return must(w.SQS.SendMessage(w.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body}))(w)
}

func (w *World) sendGroup(url, group string, bodies ...string) {
	w.Helper()
	for _, body := range bodies {
		input := sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body, MessageGroupId: &group}
		must(w.SQS.SendMessage(w.Context(), &input))(w)
	}
}

// receive is a short poll for up to ten messages with all that can be told of them.
func (w *World) receive(url string) []sqstypes.Message {
	w.Helper()
	return must(w.SQS.ReceiveMessage(w.Context(), &sqs.ReceiveMessageInput{
		QueueUrl:                    &url,
		MaxNumberOfMessages:         10,
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{"All"},
	}))(w).Messages
}

func (w *World) receiveOne(url string) sqstypes.Message {
	w.Helper()
	messages := w.receive(url)
	if len(messages) != 1 {
		w.Fatalf("%d messages, not one", len(messages))
	}
	return messages[0]
}

// bodies are those of a short poll, sorted unless the queue keeps order.
func (w *World) bodies(url string) []string {
	w.Helper()
	var bodies []string
	for _, message := range w.receive(url) {
		bodies = append(bodies, *message.Body)
	}
	if !strings.HasSuffix(url, ".fifo") {
		slices.Sort(bodies)
	}
	return bodies
}

func (w *World) delete(url string, messages ...sqstypes.Message) {
	w.Helper()
	for _, message := range messages {
		input := sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: message.ReceiptHandle}
		must(w.SQS.DeleteMessage(w.Context(), &input))(w)
	}
}

func (w *World) attributes(url string, names ...sqstypes.QueueAttributeName) Attributes {
	w.Helper()
	if names == nil {
		names = []sqstypes.QueueAttributeName{"All"}
	}
	input := sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: names}
	return must(w.SQS.GetQueueAttributes(w.Context(), &input))(w).Attributes
}

// -- JSON ------------------------------------------------------------------------------------------

func decode[T any](w *World, text string) T {
	w.Helper()
	var found T
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		w.Fatalf("%v in %s", err, text)
	}
	return found
}

func encode(w *World, value any) string {
	w.Helper()
	text, err := json.Marshal(value)
	ok(w, err)
	return string(text)
}
