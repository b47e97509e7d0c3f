package support

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// Wire is an HTTP client for an SDK that notes what goes through and may bend it.
//
// It also hands the transport a request body of its own. The SDK's closes as soon as an answer begins, and then says
// EOF where io.WriterTo may not (smithy-go 1.28.8, safeWriteToReadCloser.WriteTo). When the server is quick and the
// answer long, net/http may still be looking for more of the body: it takes the EOF for a failed write and closes the
// connection below the answer. Seen one time in a hundred with answers of a mebibyte, from any server nearby.
type Wire struct {
	// Sent is called with each request before it is sent.
	Sent func(*http.Request)
	// Answered may change an answer, or give another one.
	Answered func(number int, answer *http.Response) *http.Response
	// Transport carries the requests; nil is the usual one.
	Transport http.RoundTripper

	mutex sync.Mutex
	count int
}

// Do carries one request, as an SDK's HTTPClient.
func (w *Wire) Do(request *http.Request) (*http.Response, error) {
	w.mutex.Lock()
	w.count++
	number := w.count
	w.mutex.Unlock()
	if w.Sent != nil {
		w.Sent(request)
	}
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	transport := w.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	answer, err := transport.RoundTrip(request)
	if err == nil && w.Answered != nil {
		answer = w.Answered(number, answer)
	}
	return answer, err
}

// Requests is how many requests were sent, each attempt counted.
func (w *Wire) Requests() int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.count
}

// Instead gives an answer of this status and body in place of another, which is read to its end.
func Instead(of *http.Response, status int, body string) *http.Response {
	_, _ = io.Copy(io.Discard, of.Body)
	_ = of.Body.Close()
	changed := *of
	changed.StatusCode = status
	changed.Status = fmt.Sprintf("%d %s", status, http.StatusText(status))
	changed.Header = of.Header.Clone()
	changed.Header.Set("Content-Length", strconv.Itoa(len(body)))
	changed.ContentLength = int64(len(body))
	changed.Body = io.NopCloser(bytes.NewReader([]byte(body)))
	return &changed
}

// Rewritten gives the answer with one piece of its body replaced.
func Rewritten(answer *http.Response, change func(body []byte) []byte) *http.Response {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		body = nil
	}
	return Instead(answer, answer.StatusCode, string(change(body)))
}
