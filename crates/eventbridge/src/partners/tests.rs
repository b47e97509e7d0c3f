//! Partner event sources from the offer to the end.

use aws::Call;
use service::Error;

use super::PENDING_MS_MAX;
use crate::api::inputs::*;
use crate::api::types::{PutPartnerEventsRequestEntry, PutPartnerEventsResultEntry};
use crate::ops;
use crate::tests::world::{BEGINNING_MS, World};

const NAME: &str = "aws.partner/example.com/4711/orders";
const DAY_SECS: i64 = 86_400;

struct Trade {
    world: World,
    partner: Call,
    customer: Call,
}

impl Trade {
    fn new() -> Self {
        let world = World::new();
        let (partner, customer) =
            (world.caller("111111111111", "us-east-1"), world.caller("222222222222", "us-east-1"));
        Self { world, partner, customer }
    }

    fn offered() -> Self {
        let trade = Self::new();
        let customer = trade.customer.clone();
        trade.offer(&customer).unwrap();
        trade
    }

    fn taken() -> Self {
        let trade = Self::offered();
        trade.take().unwrap();
        trade
    }

    fn offer(&self, to: &Call) -> Result<String, Error> {
        let input = CreatePartnerEventSourceInput { name: NAME.into(), account: to.account.to_string() };
        let output = ops::create_partner_event_source(&self.world.events, &self.partner, input);
        self.world.run(output).map(|output| output.event_source_arn.unwrap())
    }

    fn take(&self) -> Result<(), Error> {
        let input = CreateEventBusInput {
            name: NAME.into(),
            event_source_name: Some(NAME.into()),
            ..Default::default()
        };
        self.world.run(ops::create_event_bus(&self.world.events, &self.customer, input)).map(drop)
    }

    fn drop_bus(&self) {
        let input = DeleteEventBusInput { name: NAME.into() };
        self.world.run(ops::delete_event_bus(&self.world.events, &self.customer, input)).unwrap();
    }

    fn withdraw(&self) {
        let account = self.customer.account.to_string();
        let input = DeletePartnerEventSourceInput { name: NAME.into(), account };
        self.world.run(ops::delete_partner_event_source(&self.world.events, &self.partner, input)).unwrap();
    }

    fn activate(&self) -> Result<(), Error> {
        let input = ActivateEventSourceInput { name: NAME.into() };
        self.world.run(ops::activate_event_source(&self.world.events, &self.customer, input)).map(drop)
    }

    fn deactivate(&self) -> Result<(), Error> {
        let input = DeactivateEventSourceInput { name: NAME.into() };
        self.world.run(ops::deactivate_event_source(&self.world.events, &self.customer, input)).map(drop)
    }

    fn state(&self) -> Result<String, Error> {
        let input = DescribeEventSourceInput { name: NAME.into() };
        let output = self.world.run(ops::describe_event_source(&self.world.events, &self.customer, input))?;
        Ok(output.state.unwrap())
    }

    fn put(&self, entry: PutPartnerEventsRequestEntry) -> PutPartnerEventsResultEntry {
        let input = PutPartnerEventsInput { entries: vec![entry] };
        let output = self.world.run(ops::put_partner_events(&self.world.events, &self.partner, input));
        output.unwrap().entries.unwrap().remove(0)
    }
}

fn entry() -> PutPartnerEventsRequestEntry {
    PutPartnerEventsRequestEntry {
        source: Some(NAME.into()),
        detail_type: Some("OrderCreated".into()),
        detail: Some("{\"n\":1}".into()),
        ..Default::default()
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.kind.code, error.message.as_ref()), (code, message));
}

#[test]
fn an_offer_has_two_weeks() {
    let trade = Trade::offered();
    let input = DescribeEventSourceInput { name: NAME.into() };
    let found =
        trade.world.run(ops::describe_event_source(&trade.world.events, &trade.customer, input)).unwrap();
    assert_eq!(found.arn.as_deref(), Some(&*format!("arn:aws:events:us-east-1::event-source/{NAME}")));
    assert_eq!(found.created_by.as_deref(), Some("aws.partner/example.com"));
    assert_eq!(found.state.as_deref(), Some("PENDING"));
    assert_eq!(found.expiration_time, Some(BEGINNING_MS + PENDING_MS_MAX));
    trade.world.pass_secs(14 * DAY_SECS - 1);
    assert_eq!(trade.state().unwrap(), "PENDING");
    trade.world.pass_secs(1);
    let gone = format!("Event source {NAME} does not exist.");
    refused(trade.state(), "ResourceNotFoundException", &gone);
    refused(trade.take(), "ResourceNotFoundException", &gone);
}

#[test]
fn taken_it_does_not_expire_and_switched_off_it_does() {
    let trade = Trade::taken();
    trade.world.pass_secs(100 * DAY_SECS);
    assert_eq!(trade.state().unwrap(), "ACTIVE");
    trade.deactivate().unwrap();
    assert_eq!(trade.state().unwrap(), "PENDING");
    trade.world.pass_secs(14 * DAY_SECS);
    assert_eq!(trade.state().unwrap(), "DELETED");
    refused(trade.activate(), "InvalidStateException", &format!("Event source {NAME} is in state DELETED."));
    trade.drop_bus();
    refused(trade.state(), "ResourceNotFoundException", &format!("Event source {NAME} does not exist."));
}

#[test]
fn a_name_is_offered_to_several_customers_and_once_to_each() {
    let trade = Trade::taken();
    let other = trade.world.caller("333333333333", "us-east-1");
    trade.offer(&other).unwrap();
    refused(
        trade.offer(&other),
        "ResourceAlreadyExistsException",
        &format!("Event source {NAME} already exists."),
    );
    let events = &trade.world.events;
    let input = ListPartnerEventSourceAccountsInput { event_source_name: NAME.into(), ..Default::default() };
    let listed = trade.world.run(ops::list_partner_event_source_accounts(events, &trade.partner, input));
    let accounts = listed.unwrap().partner_event_source_accounts.unwrap();
    let accounts: Vec<_> =
        accounts.into_iter().map(|found| (found.account.unwrap(), found.state.unwrap())).collect();
    assert_eq!(
        accounts,
        [("222222222222".into(), "ACTIVE".into()), ("333333333333".into(), "PENDING".into())]
    );
    let input =
        ListPartnerEventSourcesInput { name_prefix: "aws.partner/example.com/".into(), ..Default::default() };
    let listed = trade.world.run(ops::list_partner_event_sources(events, &trade.partner, input)).unwrap();
    assert_eq!(listed.partner_event_sources.unwrap().len(), 1);
}

#[test]
fn events_arrive_at_whoever_takes_them() {
    let trade = Trade::taken();
    trade.world.listen(&trade.customer, NAME, "inbox");
    let result = trade.put(entry());
    let [(queue, event)] = &trade.world.arrived()[..] else { panic!("one event") };
    assert_eq!((queue.as_str(), event["id"].as_str()), ("inbox", result.event_id.as_deref()));
    assert_eq!((&event["source"], &event["account"]), (&NAME.into(), &"222222222222".into()));

    trade.deactivate().unwrap();
    assert_eq!(trade.put(entry()).error_code, None, "nobody takes it, which is no fault");
    assert_eq!(trade.world.arrived(), []);
    trade.activate().unwrap();
    trade.put(entry());
    assert_eq!(trade.world.arrived().len(), 1);
}

#[test]
fn faults_of_entries() {
    let trade = Trade::taken();
    for (entry, code, message) in [
        (
            PutPartnerEventsRequestEntry { detail: Some("broken".into()), ..entry() },
            "MalformedDetail",
            "Detail is malformed.",
        ),
        (
            PutPartnerEventsRequestEntry { source: None, ..entry() },
            "InvalidArgument",
            "Parameter Source is not valid. Reason: Source is a required argument.",
        ),
        (
            PutPartnerEventsRequestEntry { source: Some(format!("{NAME}/else")), ..entry() },
            "NotAuthorizedForSourceException",
            "Not authorized for the source.",
        ),
    ] {
        let result = trade.put(entry);
        assert_eq!(
            (result.error_code.as_deref(), result.error_message.as_deref()),
            (Some(code), Some(message))
        );
    }
}

#[test]
fn switching_needs_the_bus_and_another_state() {
    let trade = Trade::offered();
    // Recorded: aws-sdk-js-v3#4788.
    let neither = format!("Event source {NAME} or event bus {NAME} does not exist.");
    refused(trade.activate(), "ResourceNotFoundException", &neither);
    refused(trade.deactivate(), "ResourceNotFoundException", &neither);
    trade.take().unwrap();
    let active = format!("Event source {NAME} is in state ACTIVE.");
    refused(trade.activate(), "InvalidStateException", &active);
    trade.deactivate().unwrap();
    refused(
        trade.deactivate(),
        "InvalidStateException",
        &format!("Event source {NAME} is in state PENDING."),
    );
}

#[test]
fn withdrawn_and_offered_again() {
    let mut trade = Trade::taken();
    trade.withdraw();
    trade.withdraw();
    trade.world.restart();
    assert_eq!(trade.state().unwrap(), "DELETED");
    let input = DescribePartnerEventSourceInput { name: NAME.into() };
    let found =
        trade.world.run(ops::describe_partner_event_source(&trade.world.events, &trade.partner, input));
    refused(found, "ResourceNotFoundException", &format!("Event source {NAME} does not exist."));
    let customer = trade.customer.clone();
    trade.offer(&customer).unwrap();
    assert_eq!(trade.state().unwrap(), "PENDING");
    trade.activate().unwrap();
    assert_eq!(trade.state().unwrap(), "ACTIVE");
}

#[test]
fn without_its_bus_it_waits_again() {
    let trade = Trade::taken();
    trade.drop_bus();
    assert_eq!(trade.state().unwrap(), "PENDING");
    trade.take().unwrap();
    assert_eq!(trade.state().unwrap(), "ACTIVE");
}

#[test]
fn a_reset_takes_the_sources_of_an_account() {
    for account in ["111111111111", "222222222222"] {
        let trade = Trade::taken();
        trade.world.run(trade.world.events.reset(aws::AccountId::parse("999999999999"))).unwrap();
        assert_eq!(trade.state().unwrap(), "ACTIVE");
        trade.world.run(trade.world.events.reset(aws::AccountId::parse(account))).unwrap();
        assert!(trade.state().is_err());
    }
}
