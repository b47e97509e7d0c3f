package compat

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventstypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

func TestAReplaySendsWhatWasArchivedBetweenItsTimes(t *testing.T) {
	w := newSteeredWorld(t)
	bus, archive, replay := w.bus(), newName("archive"), newName("replay")
	busARN := w.arn("events", "event-bus/"+bus)
	created := w.now()
	made := must(w.Events.CreateArchive(t.Context(), &eventbridge.CreateArchiveInput{
		ArchiveName: &archive, EventSourceArn: &busARN, EventPattern: aws.String(everything), RetentionDays: aws.Int32(7),
	}))(t)
	near(t, made.CreationTime, created, time.Second)
	equal(t, made.State, eventstypes.ArchiveStateEnabled)

	url := w.inbox(bus, everything, nil)
	var times []time.Time
	for _, detail := range []string{`{"n": "one"}`, `{"n": "two"}`, `{"n": "three"}`} {
		times = append(times, w.now())
		w.put(entry(bus, detail))
		w.advance(time.Minute)
	}
	w.delete(url, w.receive(url)...)

	from, to := times[1].Add(-30*time.Second), times[1].Add(30*time.Second)
	started := must(w.Events.StartReplay(t.Context(), &eventbridge.StartReplayInput{
		ReplayName: &replay, EventSourceArn: made.ArchiveArn, EventStartTime: &from, EventEndTime: &to,
		Destination: &eventstypes.ReplayDestination{Arn: &busARN},
	}))(t)
	equal(t, started.State, eventstypes.ReplayStateStarting)
	near(t, started.ReplayStartTime, w.now(), time.Second)

	ended := until(t, "the replay to end", func() (*eventbridge.DescribeReplayOutput, bool) {
		w.advance(time.Second)
		found := must(w.Events.DescribeReplay(t.Context(), &eventbridge.DescribeReplayInput{ReplayName: &replay}))(t)
		return found, found.State == eventstypes.ReplayStateCompleted
	})
	near(t, ended.EventStartTime, from, time.Second)
	near(t, ended.EventEndTime, to, time.Second)
	near(t, ended.EventLastReplayedTime, times[1], time.Minute)
	near(t, ended.ReplayEndTime, w.now(), patience)
	equal(t, *ended.EventSourceArn, *made.ArchiveArn)

	events := w.events(url)
	equal(t, len(events), 1)
	equal(t, events[0].Detail, map[string]any{"n": "two"})
	equal(t, events[0].ReplayName, replay)
	equal(t, events[0].Time, times[1].Truncate(time.Second))
}

func TestAnArchiveTellsWhatItHolds(t *testing.T) {
	w := newWorld(t)
	bus, archive := w.bus(), newName("archive")
	busARN := w.arn("events", "event-bus/"+bus)
	must(w.Events.CreateArchive(t.Context(), &eventbridge.CreateArchiveInput{
		ArchiveName: &archive, EventSourceArn: &busARN,
	}))(t)
	found := must(w.Events.DescribeArchive(t.Context(), &eventbridge.DescribeArchiveInput{ArchiveName: &archive}))(t)
	equal(t, found.RetentionDays, aws.Int32(0))
	equal(t, found.EventCount, int64(0))
	absent(t, "EventPattern", found.EventPattern)
	listed := must(w.Events.ListArchives(t.Context(), &eventbridge.ListArchivesInput{EventSourceArn: &busARN}))(t)
	equal(t, len(listed.Archives), 1)
	near(t, listed.Archives[0].CreationTime, *found.CreationTime, 0)
}
