package compat

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// There is no official validator for Go; programs do what the documentation says with crypto/x509.
// AWS: "Verifying the signatures of Amazon SNS messages".

func (e Envelope) stringToSign() string {
	members := [][2]string{{"Message", e.Message}, {"MessageId", e.MessageId}}
	if e.Type == "Notification" {
		if e.Subject != "" {
			members = append(members, [2]string{"Subject", e.Subject})
		}
		members = append(members, [2]string{"Timestamp", e.Timestamp})
	} else {
		members = append(members, [][2]string{
			{"SubscribeURL", e.SubscribeURL}, {"Timestamp", e.Timestamp}, {"Token", e.Token},
		}...)
	}
	members = append(members, [2]string{"TopicArn", e.TopicArn}, [2]string{"Type", e.Type})
	var text strings.Builder
	for _, member := range members {
		fmt.Fprintf(&text, "%s\n%s\n", member[0], member[1])
	}
	return text.String()
}

func (e Envelope) verify(certificate *x509.Certificate) error {
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil {
		return err
	}
	algorithm, known := map[string]x509.SignatureAlgorithm{"1": x509.SHA1WithRSA, "2": x509.SHA256WithRSA}[e.SignatureVersion]
	if !known {
		return fmt.Errorf("signature version %q", e.SignatureVersion)
	}
	return certificate.CheckSignature(algorithm, []byte(e.stringToSign()), signature)
}

// certificate is what SigningCertURL names, whose host is mapped to the server as an entry in /etc/hosts would.
func (w *World) certificate(e Envelope) *x509.Certificate {
	w.Helper()
	named := must(url.Parse(e.SigningCertURL))(w)
	equal(w, named.Scheme+"://"+named.Host, "https://sns."+w.Region+".amazonaws.com")
	answer := must(http.Get(w.Server.URL + named.Path))(w)
	defer answer.Body.Close()
	page := must(io.ReadAll(answer.Body))(w)
	block, rest := pem.Decode(page)
	if block == nil || block.Type != "CERTIFICATE" || len(strings.TrimSpace(string(rest))) > 0 {
		w.Fatalf("not one certificate: %s", page)
	}
	return must(x509.ParseCertificate(block.Bytes))(w)
}

func (w *World) verified(e Envelope, version string) {
	w.Helper()
	equal(w, e.SignatureVersion, version)
	certificate := w.certificate(e)
	ok(w, e.verify(certificate))
	changed := e
	changed.Message += "."
	if changed.verify(certificate) == nil {
		w.Fatal("a changed message must not verify")
	}
	swapped := e
	swapped.SignatureVersion = map[string]string{"1": "2", "2": "1"}[version]
	if swapped.verify(certificate) == nil {
		w.Fatal("the versions are not interchangeable")
	}
}

func TestNotificationsVerify(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		for name, input := range map[string]sns.PublishInput{
			"plain":        {Message: aws.String("hello")},
			"with subject": {Message: aws.String("hello"), Subject: aws.String("News & more")},
			"unicode":      {Message: aws.String("grüße 🎈 <&> \"quoted\" \\"), Subject: aws.String("for you")},
			"lines":        {Message: aws.String("one\r\ntwo\n\nMessageId\nthree\n")},
			"large":        {Message: aws.String(strings.Repeat("ü", 100_000))},
		} {
			t.Run("version "+version+" "+name, func(t *testing.T) {
				w := newWorld(t)
				topic := w.topic(Attributes{"SignatureVersion": version})
				url := w.listen(topic, nil)
				input.TopicArn = &topic
				must(w.SNS.Publish(t.Context(), &input))(t)
				w.verified(w.envelope(url), version)
			})
		}
	}
}

func TestAllThatAnEndpointGetsVerifies(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		t.Run("version "+version, func(t *testing.T) {
			w := newWorld(t)
			topic := w.topic(Attributes{"SignatureVersion": version})
			endpoint := newEndpoint(t)
			subscription := w.subscribe(topic, "http", endpoint.URL, nil)

			asked := endpoint.next(w, "SubscriptionConfirmation")
			w.verified(asked, version)
			opened := must(http.Get(asked.SubscribeURL))(t)
			opened.Body.Close()
			equal(t, opened.StatusCode, 200)

			w.publish(topic, "hello")
			told := endpoint.next(w, "Notification")
			w.verified(told, version)
			equal(t, told.Message, "hello")

			must(w.SNS.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &subscription}))(t)
			w.verified(endpoint.next(w, "UnsubscribeConfirmation"), version)
		})
	}
}

func TestATokenConfirmsASubscription(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	endpoint := newEndpoint(t)
	subscribed := must(w.SNS.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("http"), Endpoint: &endpoint.URL,
	}))(t)
	equal(t, *subscribed.SubscriptionArn, "pending confirmation")
	asked := endpoint.next(w, "SubscriptionConfirmation")
	confirmed := must(w.SNS.ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{
		TopicArn: &topic, Token: &asked.Token,
	}))(t)
	if !strings.HasPrefix(*confirmed.SubscriptionArn, topic+":") {
		t.Fatalf("not a subscription of the topic: %s", *confirmed.SubscriptionArn)
	}
}

func TestTheCertificate(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, nil)
	w.publish(topic, "hello")
	certificate := w.certificate(w.envelope(url))
	key, isRSA := certificate.PublicKey.(*rsa.PublicKey)
	if !isRSA || key.Size() < 256 {
		t.Fatalf("found %T", certificate.PublicKey)
	}
	now := time.Now()
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		t.Fatalf("valid from %v to %v only", certificate.NotBefore, certificate.NotAfter)
	}
}

// A certificate of a public authority has its name among the subject alternative names, where Go looks.
func TestTheCertificateIsMadeOutToSNS(t *testing.T) {
	w := newWorld(t)
	topic := w.topic(nil)
	url := w.listen(topic, nil)
	w.publish(topic, "hello")
	ok(t, w.certificate(w.envelope(url)).VerifyHostname("sns.amazonaws.com"))
}

// Endpoint is an HTTP server that keeps what is posted to it.
type Endpoint struct {
	URL   string
	posts chan post
}

type post struct{ kind, body string }

func newEndpoint(t *testing.T) *Endpoint {
	endpoint := &Endpoint{posts: make(chan post, 10)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			endpoint.posts <- post{request.Header.Get("X-Amz-Sns-Message-Type"), string(body)}
		}
	}))
	t.Cleanup(server.Close)
	endpoint.URL = server.URL
	return endpoint
}

func (e *Endpoint) next(w *World, kind string) Envelope {
	w.Helper()
	post := within(w, kind, e.posts)
	equal(w, post.kind, kind)
	envelope := decode[Envelope](w, post.body)
	equal(w, envelope.Type, kind)
	return envelope
}
