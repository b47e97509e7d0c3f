//! TestEventPattern.

use aws::Call;
use pattern::Event;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::TestEventPatternInput;
use crate::api::outputs::TestEventPatternOutput;
use crate::errors::parameter_not_valid;
use crate::event;
use crate::rules::pattern_text;

pub(crate) async fn test_event_pattern(
    _events: &EventBridge,
    _call: &Call,
    input: TestEventPatternInput,
) -> Result<TestEventPatternOutput, Error> {
    let pattern = pattern_text::check(&input.event_pattern)?;
    if !event::is_testable(&input.event) {
        return Err(parameter_not_valid("Event"));
    }
    let event = Event::parse(&input.event).map_err(|_| parameter_not_valid("Event"))?;
    Ok(TestEventPatternOutput { result: Some(pattern.matches(&event)) })
}
