//! Platform applications, their endpoints, and what reaches them.

use delivery::LetterKind;
use failure::Failure;
use service::Error;

use super::world::{World, map};
use crate::api::inputs::*;
use crate::mobile::{Words, letter_for_endpoint};
use crate::ops;
use crate::rules::message_structure::Texts;

const PAIR: [(&str, &str); 2] = [("PlatformPrincipal", "p"), ("PlatformCredential", "c")];
const ELSEWHERE: &str = "eu-west-1";

impl World {
    fn application_of(&self, platform: &str, attributes: &[(&str, &str)]) -> Result<String, Error> {
        let input = CreatePlatformApplicationInput {
            name: "app".into(),
            platform: platform.into(),
            attributes: map(attributes),
        };
        let output = self.run(ops::create_platform_application(&self.sns, &self.call, input))?;
        Ok(output.platform_application_arn.unwrap())
    }

    fn application(&self) -> String {
        self.application_of("GCM", &PAIR[1..]).unwrap()
    }

    fn set_application(&self, arn: &str, attributes: &[(&str, &str)]) -> Result<(), Error> {
        let input = SetPlatformApplicationAttributesInput {
            platform_application_arn: arn.into(),
            attributes: map(attributes),
        };
        self.run(ops::set_platform_application_attributes(&self.sns, &self.call, input)).map(drop)
    }

    fn shown_application(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
        let input = GetPlatformApplicationAttributesInput { platform_application_arn: arn.into() };
        let output = self.run(ops::get_platform_application_attributes(&self.sns, &self.call, input))?;
        Ok(output.attributes.unwrap().into_iter().collect())
    }

    fn delete_application(&self, arn: &str) -> Result<(), Error> {
        let input = DeletePlatformApplicationInput { platform_application_arn: arn.into() };
        self.run(ops::delete_platform_application(&self.sns, &self.call, input)).map(drop)
    }

    fn endpoint_with(
        &self,
        application: &str,
        data: Option<&str>,
        attributes: &[(&str, &str)],
    ) -> Result<String, Error> {
        let input = CreatePlatformEndpointInput {
            platform_application_arn: application.into(),
            token: "token".into(),
            custom_user_data: data.map(str::to_owned),
            attributes: map(attributes).non_empty(),
        };
        let output = self.run(ops::create_platform_endpoint(&self.sns, &self.call, input))?;
        Ok(output.endpoint_arn.unwrap())
    }

    fn endpoint(&self, application: &str) -> String {
        self.endpoint_with(application, None, &[]).unwrap()
    }

    fn set_endpoint(&self, arn: &str, attributes: &[(&str, &str)]) -> Result<(), Error> {
        let input = SetEndpointAttributesInput { endpoint_arn: arn.into(), attributes: map(attributes) };
        self.run(ops::set_endpoint_attributes(&self.sns, &self.call, input)).map(drop)
    }

    fn shown_endpoint(&self, arn: &str) -> Result<Vec<(String, String)>, Error> {
        let input = GetEndpointAttributesInput { endpoint_arn: arn.into() };
        let output = self.run(ops::get_endpoint_attributes(&self.sns, &self.call, input))?;
        Ok(output.attributes.unwrap().into_iter().collect())
    }

    fn page_of_endpoints(&self, application: &str, token: Option<String>) -> (Vec<String>, Option<String>) {
        let input = ListEndpointsByPlatformApplicationInput {
            platform_application_arn: application.into(),
            next_token: token,
        };
        let output = self.run(ops::list_endpoints_by_platform_application(&self.sns, &self.call, input));
        let output = output.unwrap();
        let arns = output.endpoints.unwrap().into_iter().map(|endpoint| endpoint.endpoint_arn.unwrap());
        (arns.collect(), output.next_token)
    }

    fn push(&self, arn: &str, texts: Texts) -> Result<(LetterKind, String), Error> {
        let arn = arn.to_owned();
        let letter = self.run(self.sns.write(move |ledger| {
            let words = Words { by: None, message_id: "m", subject: None, texts: &texts, attributes: &[] };
            letter_for_endpoint(ledger, &arn, &words)
        }))?;
        Ok((letter.kind, letter.message))
    }
}

fn pairs(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn words<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    let error = refused.unwrap_err();
    format!("{} {}", error.kind.code, error.message)
}

#[test]
fn credentials_are_set_and_never_shown() {
    let world = World::new();
    let arn = world.application_of("APNS", &PAIR).unwrap();
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    world.set_application(&arn, &[("PlatformCredential", "new"), ("EventEndpointCreated", topic)]).unwrap();
    let expected =
        [("Enabled", "true"), ("EventEndpointCreated", topic), ("AuthenticationMethod", "certificate")];
    assert_eq!(world.shown_application(&arn).unwrap(), pairs(&expected));
}

#[test]
fn it_is_told_how_an_application_proves_itself() {
    let world = World::new();
    let team = ("ApplePlatformTeamID", "team");
    for (platform, attributes, method) in [
        ("APNS", &[PAIR[0], PAIR[1], team][..], Some("token")),
        ("APNS_SANDBOX", &PAIR[..], Some("certificate")),
        ("GCM", &[("PlatformCredential", "{\"type\": \"service_account\"}")][..], Some("token")),
        ("GCM", &PAIR[1..], None),
        ("ADM", &PAIR[..], None),
    ] {
        let arn = world.application_of(platform, attributes).unwrap();
        let shown = world.shown_application(&arn).unwrap();
        let told = shown.iter().find(|(name, _)| name == "AuthenticationMethod");
        assert_eq!(told.map(|(_, method)| method.as_str()), method, "{platform}");
    }
}

#[test]
fn an_empty_value_takes_an_attribute_back() {
    let world = World::new();
    let arn = world.application_of("ADM", &PAIR).unwrap();
    world.set_application(&arn, &[("SuccessFeedbackSampleRate", "50"), ("Enabled", "False")]).unwrap();
    let expected = [("Enabled", "false"), ("SuccessFeedbackSampleRate", "50")];
    assert_eq!(world.shown_application(&arn).unwrap(), pairs(&expected));
    world.set_application(&arn, &[("SuccessFeedbackSampleRate", ""), ("Enabled", "true")]).unwrap();
    assert_eq!(world.shown_application(&arn).unwrap(), pairs(&[("Enabled", "true")]));
}

#[test]
fn wrong_applications_are_refused_word_for_word() {
    let world = World::new();
    let reason = "InvalidParameter Invalid parameter: Attributes Reason:";
    for (platform, attributes, expected) in [
        (
            "AAA",
            &PAIR[..],
            "InvalidParameter Invalid parameter: Platform Reason: AAA is not supported".into(),
        ),
        (
            "ADM",
            &PAIR[..1],
            format!("{reason} PlatformPrincipal attribute provided without PlatformCredential"),
        ),
        (
            "ADM",
            &PAIR[1..],
            format!("{reason} PlatformCredential attribute provided without PlatformPrincipal"),
        ),
        (
            "GCM",
            &[("PlatformCredential", "c"), ("Colour", "")],
            format!("{reason} Invalid attribute name: Colour"),
        ),
    ] {
        assert_eq!(words(world.application_of(platform, attributes)), expected);
    }
}

#[test]
fn an_application_belongs_to_an_account_and_a_region() {
    let mut world = World::new();
    let arn = world.application();
    world.call = world.caller("111111111111", "us-east-1");
    assert_eq!(words(world.shown_application(&arn)), "NotFound PlatformApplication does not exist");
    world.delete_application(&arn).unwrap();
    world.call = world.caller("000000000000", ELSEWHERE);
    let expected = "InvalidParameter Invalid parameter: PlatformApplicationArn";
    assert_eq!(words(world.shown_application(&arn)), expected);
    world.call = world.caller("000000000000", "us-east-1");
    assert!(world.shown_application(&arn).is_ok());
}

#[test]
fn what_is_no_arn_of_an_application_is_refused() {
    let world = World::new();
    let expected = "InvalidParameter Invalid parameter: PlatformApplicationArn Reason: An ARN must have at least 6 \
                    elements, not 1";
    assert_eq!(words(world.set_application("app", &[("Colour", "blue")])), expected);
    let expected = "InvalidParameter Invalid parameter: PlatformApplicationArn Reason: Wrong number of slashes in \
                    relative portion of the ARN.";
    let arn = "arn:aws:sns:us-east-1:000000000000:app/GCM";
    assert_eq!(words(world.shown_application(arn)), expected);
}

#[test]
fn the_same_device_is_the_same_endpoint_unless_it_differs() {
    let world = World::new();
    let application = world.application();
    let arn = world.endpoint(&application);
    assert_eq!(world.endpoint_with(&application, None, &[("Enabled", "TRUE")]).unwrap(), arn);
    let expected = format!(
        "InvalidParameter Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but \
         different attributes."
    );
    assert_eq!(words(world.endpoint_with(&application, Some("data"), &[])), expected);
    world.set_endpoint(&arn, &[("Enabled", "false")]).unwrap();
    assert_eq!(words(world.endpoint_with(&application, None, &[])), expected);
    assert_eq!(world.endpoint_with(&application, None, &[("Enabled", "false")]).unwrap(), arn);
}

#[test]
fn an_endpoint_cannot_take_the_token_of_another() {
    let world = World::new();
    let application = world.application();
    let first = world.endpoint(&application);
    world.set_endpoint(&first, &[("Token", "new")]).unwrap();
    let second = world.endpoint(&application);
    assert_ne!(first, second);
    assert!(words(world.set_endpoint(&second, &[("Token", "new")])).contains(&first));
    world.set_endpoint(&second, &[("Token", "token"), ("CustomUserData", "mine")]).unwrap();
    let expected = [("Enabled", "true"), ("Token", "token"), ("CustomUserData", "mine")];
    assert_eq!(world.shown_endpoint(&second).unwrap(), pairs(&expected));
}

#[test]
fn user_data_has_a_limit_in_bytes() {
    let world = World::new();
    let application = world.application();
    let (fits, long) = ("ü".repeat(1024), "ü".repeat(1025));
    world.endpoint_with(&application, Some(&fits), &[]).unwrap();
    assert!(words(world.endpoint_with(&application, Some(&long), &[])).contains("at most 2048 bytes"));
    let expected = "InvalidParameter Invalid parameter: Attributes Reason: Invalid value for attribute: \
                    CustomUserData: must be at most 2048 bytes long in UTF-8 encoding";
    assert_eq!(words(world.endpoint_with(&application, None, &[("CustomUserData", &long)])), expected);
}

#[test]
fn endpoints_go_with_their_application() {
    let world = World::new();
    let application = world.application();
    let arn = world.endpoint(&application);
    world.delete_application(&application).unwrap();
    assert_eq!(words(world.shown_endpoint(&arn)), "NotFound Endpoint does not exist");
    let input = DeleteEndpointInput { endpoint_arn: arn.clone() };
    assert!(world.run(ops::delete_endpoint(&world.sns, &world.call, input)).is_ok());
    let again = world.application();
    assert_eq!(world.page_of_endpoints(&again, None), (vec![], None));
}

#[test]
fn endpoints_come_in_pages_in_the_order_in_which_they_were_made() {
    let world = World::new();
    let application = world.application();
    let made: Vec<String> = (0..101)
        .map(|n| {
            let arn = world.endpoint(&application);
            world.set_endpoint(&arn, &[("Token", &format!("token-{n}"))]).unwrap();
            arn
        })
        .collect();
    let (first, token) = world.page_of_endpoints(&application, None);
    let (second, end) = world.page_of_endpoints(&application, token);
    assert_eq!((first.as_slice(), second.as_slice()), made.split_at(100));
    assert_eq!(end, None);
}

#[test]
fn a_push_has_the_words_for_its_platform() {
    let world = World::new();
    let arn = world.endpoint(&world.application());
    let document = r#"{"default": "all", "GCM": "{\"notification\":{}}"}"#;
    let texts = Texts::check(document.into(), Some("json"), None).unwrap();
    assert_eq!(world.push(&arn, texts).unwrap(), (LetterKind::Push, r#"{"notification":{}}"#.into()));
    assert_eq!(world.push(&arn, Texts::plain("all")).unwrap(), (LetterKind::Push, "all".into()));
}

#[test]
fn a_push_needs_words_for_its_platform_or_a_default() {
    let world = World::new();
    let arn = world.endpoint(&world.application());
    let publish = |message: &str| {
        let input = PublishInput {
            target_arn: Some(arn.clone()),
            message: message.into(),
            message_structure: Some("json".into()),
            ..Default::default()
        };
        world.run(ops::publish(&world.sns, &world.call, input))
    };
    publish(r#"{"GCM": "{}"}"#).unwrap();
    assert_eq!(world.letters()[0].letter.message, "{}");
    let expected = "InvalidParameter Invalid parameter: JSON must contain an entry for 'default' or 'GCM'.";
    assert_eq!(words(publish(r#"{"APNS": "{}"}"#)), expected);
    assert_eq!(world.letters().len(), 1);
}

#[test]
fn tokens_of_apples_are_hexadecimal() {
    let world = World::new();
    let application = world.application_of("APNS_SANDBOX", &PAIR).unwrap();
    let reason = "iOS device tokens must be no more than 400 hexadecimal characters";
    let expected = format!("InvalidParameter Invalid parameter: Token Reason: {reason}");
    assert_eq!(words(world.endpoint_with(&application, None, &[])), expected);
    let input = CreatePlatformEndpointInput {
        platform_application_arn: application,
        token: "c0ffee".into(),
        ..Default::default()
    };
    let output = world.run(ops::create_platform_endpoint(&world.sns, &world.call, input)).unwrap();
    let arn = output.endpoint_arn.unwrap();
    let refused = words(world.set_endpoint(&arn, &[("Token", "token")]));
    assert!(refused.ends_with(&format!("Invalid value for attribute: Token: {reason}")), "{refused}");
    world.set_endpoint(&arn, &[("Token", "C0FFEE")]).unwrap();
}

#[test]
fn who_is_disabled_or_gone_gets_no_push() {
    let world = World::new();
    let application = world.application();
    let arn = world.endpoint(&application);
    world.set_endpoint(&arn, &[("Enabled", "false")]).unwrap();
    assert_eq!(words(world.push(&arn, Texts::plain("x"))), "EndpointDisabled Endpoint is disabled");
    world.set_application(&application, &[("Enabled", "false")]).unwrap();
    let expected = "PlatformApplicationDisabled Platform application is disabled";
    assert_eq!(words(world.push(&arn, Texts::plain("x"))), expected);
    world.delete_application(&application).unwrap();
    let expected = "InvalidParameter Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified";
    assert_eq!(words(world.push(&arn, Texts::plain("x"))), expected);
}

#[test]
fn all_of_it_is_there_after_a_restart_and_gone_after_a_reset() {
    let mut world = World::new();
    let arn = world.endpoint(&world.application());
    world.restart();
    assert_eq!(world.shown_endpoint(&arn).unwrap(), pairs(&[("Enabled", "true"), ("Token", "token")]));
    world.run(world.sns.reset(Some(world.caller("111111111111", ELSEWHERE).account))).unwrap();
    assert!(world.shown_endpoint(&arn).is_ok());
    world.run(world.sns.reset(Some(world.call.account.clone()))).unwrap();
    assert!(world.shown_endpoint(&arn).is_err());
}

#[test]
fn a_job_that_fails_later_leaves_nothing() {
    let world = World::new();
    let application = world.application();
    let refused: Result<(), Error> = world.run(world.sns.write(|ledger| {
        ledger.reset_mobile(None)?;
        Err(Failure::from(service::internal_failure()))
    }));
    assert!(refused.is_err());
    assert!(world.shown_application(&application).is_ok());
}
