//! SMS: settings, phones that opted out, the sandbox.

use service::Error;

use super::world::{World, map};
use crate::api::inputs::*;
use crate::mobile::{Words, check_phone, letter_for_phone};
use crate::ops;
use crate::rules::message_structure::Texts;

const NUMBER: &str = "+15551234567";

impl World {
    fn sms_settings(&self, names: &[&str]) -> Vec<(String, String)> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let input = GetSMSAttributesInput { attributes: Some(names) };
        let output = self.run(ops::get_sms_attributes(&self.sns, &self.call, input)).unwrap();
        output.attributes.unwrap().into_iter().collect()
    }

    fn set_sms(&self, attributes: &[(&str, &str)]) -> Result<(), Error> {
        let input = SetSMSAttributesInput { attributes: map(attributes) };
        self.run(ops::set_sms_attributes(&self.sns, &self.call, input)).map(drop)
    }

    fn opt_out(&self, number: &str) -> Result<(), Error> {
        let (account, region) = (self.call.account.clone(), self.call.region.clone());
        self.run(self.sns.opt_out_phone_number(account, region, number))
    }

    fn opt_in(&self, number: &str) {
        let input = OptInPhoneNumberInput { phone_number: number.into() };
        self.run(ops::opt_in_phone_number(&self.sns, &self.call, input)).unwrap();
    }

    fn opted_out(&self, number: &str) -> Result<bool, Error> {
        let input = CheckIfPhoneNumberIsOptedOutInput { phone_number: number.into() };
        let output = self.run(ops::check_if_phone_number_is_opted_out(&self.sns, &self.call, input))?;
        Ok(output.is_opted_out.unwrap())
    }

    fn sandbox(&self, number: &str) -> Result<(), Error> {
        let input = CreateSMSSandboxPhoneNumberInput { phone_number: number.into(), language_code: None };
        self.run(ops::create_sms_sandbox_phone_number(&self.sns, &self.call, input)).map(drop)
    }

    fn verify(&self, number: &str, password: &str) -> Result<(), Error> {
        let input = VerifySMSSandboxPhoneNumberInput {
            phone_number: number.into(),
            one_time_password: password.into(),
        };
        self.run(ops::verify_sms_sandbox_phone_number(&self.sns, &self.call, input)).map(drop)
    }

    fn leave_sandbox(&self, number: &str) -> Result<(), Error> {
        let input = DeleteSMSSandboxPhoneNumberInput { phone_number: number.into() };
        self.run(ops::delete_sms_sandbox_phone_number(&self.sns, &self.call, input)).map(drop)
    }

    fn sandboxed(&self) -> Vec<(String, String)> {
        let input = ListSMSSandboxPhoneNumbersInput::default();
        let output = self.run(ops::list_sms_sandbox_phone_numbers(&self.sns, &self.call, input)).unwrap();
        let pair =
            |one: crate::api::types::SMSSandboxPhoneNumber| (one.phone_number.unwrap(), one.status.unwrap());
        output.phone_numbers.into_iter().map(pair).collect()
    }

    /// The password of the letter that was sent last.
    fn password(&self) -> String {
        let letter = self.letters().pop().unwrap().letter;
        assert_eq!((letter.to.as_str(), letter.topic_arn), (NUMBER, None));
        letter.message.chars().filter(char::is_ascii_digit).collect()
    }

    fn is_written_to(&self, number: &'static str) -> bool {
        let call = self.call.clone();
        let letter = self.run(self.sns.write(move |ledger| {
            let texts = Texts::plain("x");
            let words = Words { by: None, message_id: "m", subject: None, texts: &texts, attributes: &[] };
            Ok(letter_for_phone(ledger, &call.account, &call.region, number, &words)?)
        }));
        letter.unwrap().is_some()
    }
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    refused.unwrap_err().kind.code
}

#[test]
fn settings_belong_to_an_account_and_region_and_go_back_to_defaults() {
    let mut world = World::new();
    let fresh = vec![("MonthlySpendLimit".to_owned(), "1".to_owned())];
    assert_eq!(world.sms_settings(&[]), fresh);
    world.set_sms(&[("MonthlySpendLimit", "5"), ("DefaultSenderID", "Shop")]).unwrap();
    assert_eq!(world.sms_settings(&["DefaultSenderID"]), [("DefaultSenderID".to_owned(), "Shop".to_owned())]);
    assert_eq!(world.sms_settings(&[]).len(), 2);
    world.set_sms(&[("MonthlySpendLimit", ""), ("DefaultSenderID", "")]).unwrap();
    assert_eq!(world.sms_settings(&[]), fresh);
    world.set_sms(&[("DefaultSenderID", "Shop")]).unwrap();
    world.call = world.caller("000000000000", "eu-west-1");
    assert_eq!(world.sms_settings(&[]), fresh);
}

#[test]
fn one_wrong_setting_and_none_is_made() {
    let world = World::new();
    let wrong = [("DefaultSenderID", "Shop"), ("DefaultSMSType", "Urgent")];
    assert_eq!(code(world.set_sms(&wrong)), "InvalidParameter");
    assert_eq!(world.sms_settings(&["DefaultSenderID"]), []);
}

#[test]
fn a_phone_is_the_same_however_it_is_written() {
    let mut world = World::new();
    assert!(world.is_written_to(NUMBER));
    world.opt_out("+1 555-123.4567").unwrap();
    assert!(world.opted_out(NUMBER).unwrap());
    assert!(!world.is_written_to("+1/555/1234567"));
    assert_eq!(code(world.sandbox(NUMBER)), "OptedOut");
    world.restart();
    assert!(world.opted_out(NUMBER).unwrap());
    world.opt_in(NUMBER);
    assert!(world.is_written_to(NUMBER));
    world.opt_in(NUMBER);
}

#[test]
fn opting_out_holds_for_one_account_and_region() {
    let mut world = World::new();
    world.opt_out(NUMBER).unwrap();
    for (account, region) in [("111111111111", "us-east-1"), ("000000000000", "eu-west-1")] {
        world.call = world.caller(account, region);
        assert!(world.is_written_to(NUMBER));
    }
}

#[test]
fn phones_that_opted_out_come_in_pages() {
    let world = World::new();
    let numbers: Vec<String> = (100..=200).map(|n| format!("+15550000{n}")).collect();
    for number in &numbers {
        world.opt_out(number).unwrap();
    }
    let page = |next_token| {
        let input = ListPhoneNumbersOptedOutInput { next_token };
        let output = world.run(ops::list_phone_numbers_opted_out(&world.sns, &world.call, input)).unwrap();
        (output.phone_numbers.unwrap(), output.next_token)
    };
    let (first, token) = page(None);
    let (second, end) = page(token);
    assert_eq!((first.as_slice(), second.as_slice()), numbers.split_at(100));
    assert_eq!(end, None);
}

#[test]
fn what_is_no_phone_is_refused() {
    let world = World::new();
    for number in ["", "phone", "+15--551234567"] {
        assert_eq!(code(world.opted_out(number)), "InvalidParameter");
        assert_eq!(code(world.opt_out(number)), "InvalidParameter");
    }
    let expected = "Invalid parameter: PhoneNumber Reason: phone is not valid to publish to";
    assert_eq!(check_phone("phone").unwrap_err().message, expected);
}

#[test]
fn the_last_password_verifies_and_stays_valid() {
    let world = World::new();
    assert_eq!(code(world.verify(NUMBER, "123456")), "ResourceNotFound");
    world.sandbox(NUMBER).unwrap();
    let first = world.password();
    world.sandbox(NUMBER).unwrap();
    let second = world.password();
    assert_eq!((first.len(), second.len()), (6, 6));
    assert_eq!(code(world.verify(NUMBER, &first)), "VerificationException");
    assert_eq!(world.sandboxed(), [(NUMBER.to_owned(), "Pending".to_owned())]);
    world.verify(NUMBER, &second).unwrap();
    world.sandbox(NUMBER).unwrap();
    assert_eq!(world.sandboxed(), [(NUMBER.to_owned(), "Verified".to_owned())]);
    world.leave_sandbox(NUMBER).unwrap();
    assert_eq!(code(world.leave_sandbox(NUMBER)), "ResourceNotFound");
    assert_eq!(world.sandboxed(), []);
}

#[test]
fn an_unknown_language_is_refused() {
    let world = World::new();
    let input =
        CreateSMSSandboxPhoneNumberInput { phone_number: NUMBER.into(), language_code: Some("tlh".into()) };
    let refused = world.run(ops::create_sms_sandbox_phone_number(&world.sns, &world.call, input));
    assert_eq!(code(refused), "InvalidParameter");
    assert!(world.letters().is_empty());
}

#[test]
fn a_reset_forgets_settings_and_phones() {
    let world = World::new();
    world.opt_out(NUMBER).unwrap();
    world.set_sms(&[("DefaultSenderID", "Shop")]).unwrap();
    world.run(world.sns.reset(None)).unwrap();
    assert!(!world.opted_out(NUMBER).unwrap());
    assert_eq!(world.sms_settings(&[]).len(), 1);
}
