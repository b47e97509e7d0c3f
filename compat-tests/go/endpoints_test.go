package compat

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"fanlight.test/compat/support"
)

// Where the SDK finds the server, and who it is there.

// nowhere is where no server is: a call that goes there fails.
const nowhere = "http://127.0.0.1:1"

// allThree calls each service once and holds what it is told against account and region.
func allThree(t *testing.T, configuration aws.Config, account, region string) {
	t.Helper()
	name := newName("here")
	queue := must(sqs.NewFromConfig(configuration).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name}))(t)
	equal(t, *queue.QueueUrl, shared.URL+"/"+account+"/"+name)
	topic := must(sns.NewFromConfig(configuration).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name}))(t)
	equal(t, *topic.TopicArn, fmt.Sprintf("arn:aws:sns:%s:%s:%s", region, account, name))
	bus := must(eventbridge.NewFromConfig(configuration).CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{
		Name: &name,
	}))(t)
	equal(t, *bus.EventBusArn, fmt.Sprintf("arn:aws:events:%s:%s:event-bus/%s", region, account, name))
}

func credentialsFor(t *testing.T, account, region string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", account)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_REGION", region)
}

func TestTheEndpointOfTheEnvironment(t *testing.T) {
	account := newAccount()
	credentialsFor(t, account, "eu-central-1")
	t.Setenv("AWS_ENDPOINT_URL", shared.URL)
	allThree(t, loadConfig(t), account, "eu-central-1")
}

func TestTheEndpointOfEachServiceInTheEnvironment(t *testing.T) {
	account := newAccount()
	credentialsFor(t, account, "us-west-2")
	t.Setenv("AWS_ENDPOINT_URL", nowhere)
	for _, service := range []string{"SQS", "SNS", "EVENTBRIDGE"} {
		t.Setenv("AWS_ENDPOINT_URL_"+service, shared.URL+"/")
	}
	allThree(t, loadConfig(t), account, "us-west-2")
}

func TestTheEndpointsOfAProfile(t *testing.T) {
	account := newAccount()
	file := filepath.Join(t.TempDir(), "config")
	text := fmt.Sprintf(`[profile local]
region = eu-north-1
aws_access_key_id = %s
aws_secret_access_key = secret
services = local
[services local]
sqs =
  endpoint_url = %[2]s
sns =
  endpoint_url = %[2]s
eventbridge =
  endpoint_url = %[2]s
`, account, shared.URL)
	ok(t, os.WriteFile(file, []byte(text), 0o600))
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_PROFILE", "local")
	allThree(t, loadConfig(t), account, "eu-north-1")
}

// named is an HTTP client for which every host name is the server's address, as a resolver would have it.
func named(server *support.Server) *support.Wire {
	address := server.URL[len("http://"):]
	return &support.Wire{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
}

func TestAQueueURLHasTheHostThatWasCalled(t *testing.T) {
	port := must(url.Parse(shared.URL))(t).Port()
	for _, host := range []string{"localhost", "sqs.localhost", "localhost.localstack.cloud", "host.docker.internal"} {
		t.Run(host, func(t *testing.T) {
			w := newWorld(t)
			endpoint := "http://" + host + ":" + port
			there := worldAt(t, w.Server, endpoint, w.Account, w.Region).Through(named(w.Server))
			name := newName("queue")
			url := there.namedQueue(name, nil)
			equal(t, url, endpoint+"/"+w.Account+"/"+name)
			there.send(url, "hello")
			// The SDK calls its endpoint whatever the queue's URL says, and so each name of a queue is good for both.
			equal(t, w.bodies(url), []string{"hello"})
		})
	}
}

func TestForeignQueueURLsAreTakenAsTheyAre(t *testing.T) {
	w := newWorld(t)
	w.namedQueue("orders", nil)
	for _, foreign := range []string{
		"https://sqs.us-east-1.amazonaws.com/" + w.Account + "/orders",
		"http://other.example.com:9324/" + w.Account + "/orders",
		"orders",
	} {
		w.send(foreign, foreign)
		message := w.receiveOne(foreign)
		equal(t, *message.Body, foreign)
		w.delete(foreign, message)
	}
}

func TestAnAccessKeyOfTwelveDigitsIsTheAccount(t *testing.T) {
	mine, theirs := newWorld(t), newWorld(t)
	url := mine.namedQueue("orders", nil)
	other := theirs.namedQueue("orders", nil)
	mine.send(url, "mine")
	absent(t, "Messages", theirs.receive(other))
	equal(t, mine.bodies(url), []string{"mine"})
	identity := must(sts.NewFromConfig(mine.Config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t)
	equal(t, *identity.Account, mine.Account)
}

func TestRegionsDoNotSeeEachOther(t *testing.T) {
	home := newWorld(t)
	abroad := home.In("ap-southeast-2")
	url := home.namedQueue("orders", nil)
	answer := must(abroad.SQS.ListQueues(t.Context(), &sqs.ListQueuesInput{}))(t)
	absent(t, "QueueUrls", answer.QueueUrls)
	there := abroad.namedQueue("orders", nil)
	home.send(url, "home")
	absent(t, "Messages", abroad.receive(there))
	equal(t, abroad.attributes(there, "QueueArn"), Attributes{"QueueArn": "arn:aws:sqs:ap-southeast-2:" + home.Account + ":orders"})
	home.topic(nil)
	topics := must(abroad.SNS.ListTopics(t.Context(), &sns.ListTopicsInput{}))(t)
	equal(t, len(topics.Topics), 0)
}
