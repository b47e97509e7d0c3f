// Package support starts the program under test and steers its clock.
package support

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startDeadline = 30 * time.Second
	stopDeadline  = 10 * time.Second
)

// Server is one Fanlight process.
type Server struct {
	URL     string
	process *exec.Cmd
	log     *lockedBuffer
}

// Start runs $FANLIGHT_BIN on any free port and waits for its `Ready.`
func Start(flags ...string) (*Server, error) {
	binary := os.Getenv("FANLIGHT_BIN")
	if binary == "" {
		return nil, errors.New("FANLIGHT_BIN must name the program under test")
	}
	process := exec.Command(binary, append([]string{"--listen", "127.0.0.1:0"}, flags...)...)
	process.Env = ownEnvironment()
	log := &lockedBuffer{}
	process.Stderr = log
	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	watchdog := time.AfterFunc(startDeadline, func() { _ = process.Process.Kill() })
	defer watchdog.Stop()

	server := &Server{process: process, log: log}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if at := strings.Index(line, "http://"); at >= 0 && server.URL == "" {
			server.URL = strings.TrimRight(strings.Fields(line[at:])[0], "/")
		}
		if line == "Ready." {
			// Nothing more is expected, but a full pipe must never block the server.
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return server, nil
		}
	}
	_ = process.Process.Kill()
	_ = process.Wait()
	return nil, fmt.Errorf("Fanlight did not start; its log:\n%s", log)
}

// Stop ends the process by its handle and tells what went wrong in its life, if anything.
func (s *Server) Stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("the server ended early: %w\n%s", err, s.log)
	}
	watchdog := time.AfterFunc(stopDeadline, func() { _ = s.process.Process.Kill() })
	defer watchdog.Stop()
	if err := s.process.Wait(); err != nil {
		return fmt.Errorf("the server did not end well: %w\n%s", err, s.log)
	}
	if strings.Contains(s.log.String(), "panicked at") {
		return fmt.Errorf("the server panicked:\n%s", s.log)
	}
	return nil
}

// The caller's own FANLIGHT_ settings must not change what is tested.
func ownEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "FANLIGHT_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// Freeze stops the server's clock.
func (s *Server) Freeze() error { return s.steer(map[string]any{"freeze": true}) }

// Advance moves the server's clock.
func (s *Server) Advance(by time.Duration) error {
	return s.steer(map[string]any{"advanceMs": by.Milliseconds()})
}

// Now is the server's time.
func (s *Server) Now() (time.Time, error) {
	answer, err := http.Get(s.URL + "/_fanlight/clock")
	if err != nil {
		return time.Time{}, err
	}
	defer answer.Body.Close()
	var told struct {
		NowMs int64 `json:"nowMs"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil {
		return time.Time{}, err
	}
	return time.UnixMilli(told.NowMs).UTC(), nil
}

func (s *Server) steer(how map[string]any) error {
	body, err := json.Marshal(how)
	if err != nil {
		return err
	}
	answer, err := http.Post(s.URL+"/_fanlight/clock", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("steering the clock: %s", answer.Status)
	}
	return nil
}

// lockedBuffer is written by the process's copier while a test may read it.
type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *lockedBuffer) Write(bytes []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(bytes)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}
