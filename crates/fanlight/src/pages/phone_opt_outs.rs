//! Phones that answered STOP: what nobody but a phone can do to an account.

use aws::{AccountId, Region};
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};
use server::Visit;

use super::parameters::parameter;
use super::{Pages, answer_json, problem, refusal};

/// `POST /_aws/sns/phone-opt-outs {"accountId", "region", "phoneNumber"}`, as LocalStack has it; `GET` with
/// `?accountId=&region=` tells who opted out.
pub(super) async fn phone_opt_outs(pages: &Pages, visit: &Visit) -> Response<Bytes> {
    let said = match Said::read(visit) {
        Ok(said) => said,
        Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
    };
    let (account, region) = match said.owner() {
        Ok(owner) => owner,
        Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
    };
    if visit.parts.method == Method::POST {
        let Some(number) = said.text("phoneNumber") else {
            return problem(StatusCode::BAD_REQUEST, "Say which phoneNumber.");
        };
        return match pages.sns.opt_out_phone_number(account, region, &number).await {
            Ok(()) => answer_json(&json!({})),
            Err(error) => refusal(&error),
        };
    }
    match pages.sns.opted_out_phone_numbers(account, region.clone()).await {
        Ok(numbers) => answer_json(&json!({ "region": region.as_str(), "phoneNumbers": numbers })),
        Err(error) => refusal(&error),
    }
}

/// What the request says, in its body or in its URL.
struct Said<'a> {
    visit: &'a Visit,
    body: Map<String, Value>,
}

impl<'a> Said<'a> {
    fn read(visit: &'a Visit) -> Result<Self, &'static str> {
        let body = if visit.body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(&visit.body).map_err(|_| "The body is no JSON object.")?
        };
        Ok(Self { visit, body })
    }

    fn text(&self, name: &str) -> Option<String> {
        let said = self.body.get(name).and_then(Value::as_str).map(str::to_owned);
        said.or_else(|| parameter(&self.visit.parts, name))
    }

    /// LocalStack's defaults are the default account and region.
    fn owner(&self) -> Result<(AccountId, Region), &'static str> {
        let account = match self.text("accountId") {
            Some(text) => AccountId::parse(&text).ok_or("An account has twelve digits.")?,
            None => AccountId::default(),
        };
        let region = match self.text("region") {
            Some(text) => Region::parse(&text).ok_or("A region is written like us-east-1.")?,
            None => Region::default(),
        };
        Ok((account, region))
    }
}
