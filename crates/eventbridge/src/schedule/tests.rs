//! Every recorded row, where the corpus is there; cases by hand; and a naive reading of cron expressions that the real one
//! is held against.

use clock::calendar::{self, Civil};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::event::rows;

mod naive;

#[track_caller]
fn ms(text: &str) -> i64 {
    calendar::parse_iso8601(&format!("{text}Z")).unwrap_or_else(|| panic!("{text} is no moment"))
}

#[test]
fn recorded_expressions_are_judged_the_same() {
    for row in rows::of("schedule.jsonl") {
        let text = row["ScheduleExpression"].as_str().unwrap_or_default();
        let parsed = Schedule::parse(text);
        assert_eq!(parsed.is_ok(), row["valid"] == serde_json::Value::Bool(true), "{text}");
        if let (Err(refusal), Some(error)) = (parsed, row["error"].as_str()) {
            assert_eq!(format!("ValidationException: {refusal}"), error);
        }
    }
}

#[test]
fn rates_that_aws_takes() {
    for (text, period_ms) in [
        ("rate(1 minute)", 60_000),
        ("rate(2 minutes)", 120_000),
        ("rate(1 hour)", 3_600_000),
        ("rate(10 hours)", 36_000_000),
        ("rate(1 day)", 86_400_000),
        ("rate(365 days)", 31_536_000_000),
    ] {
        let schedule = Schedule::parse(text).unwrap_or_else(|_| panic!("{text}"));
        let created_ms = 1_000_123;
        let next = |after_ms| schedule.next_after(after_ms, created_ms);
        assert_eq!(next(created_ms - 1), Some(created_ms + period_ms), "{text}: just before it was made");
        assert_eq!(next(created_ms - 7 * period_ms), Some(created_ms - 6 * period_ms), "{text}: long before");
        assert_eq!(
            next(created_ms - 7 * period_ms - 1),
            Some(created_ms - 6 * period_ms),
            "{text}: long before"
        );
        assert_eq!(next(created_ms), Some(created_ms + period_ms), "{text}");
        assert_eq!(next(created_ms + period_ms - 1), Some(created_ms + period_ms), "{text}");
        assert_eq!(next(created_ms + period_ms), Some(created_ms + 2 * period_ms), "{text}");
        assert_eq!(next(created_ms + 70 * period_ms + 1), Some(created_ms + 71 * period_ms), "{text}");
        assert_eq!(next(i64::MAX), None, "{text}: at the end of time");
    }
}

#[track_caller]
fn refuses(texts: &[&str]) {
    for text in texts {
        assert_eq!(Schedule::parse(text), Err(NotASchedule), "{text:?}");
    }
}

#[test]
fn rates_that_aws_refuses() {
    refuses(&[
        "",
        " ",
        "rate",
        "rate()",
        "rate(",
        "rate(1 minute",
        "rate 1 minute",
        "Rate(1 minute)",
        " rate(1 minute)",
        "rate(1 minute) ",
        "rate(1  minute)",
        "rate( 1 minute)",
        "rate(1 minute )",
        "rate(1\tminute)",
        "rate(0 minutes)",
        "rate(0 minute)",
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(-1 minutes)",
        "rate(+2 minutes)",
        "rate(1.5 hours)",
        "rate(10 seconds)",
        "rate(1 week)",
        "rate(1 MINUTE)",
        "rate(minutes)",
        "rate( minutes)",
        "rate(99999999999999999999 days)",
        "rate(9223372036854775807 days)",
        "rate(٣ minutes)",
        "at(2026-01-01T00:00:00)",
    ]);
}

#[test]
fn fields_out_of_bounds_are_refused() {
    refuses(&[
        "cron",
        "cron()",
        "cron(* * * * *)",
        "cron(* * * * ? * *)",
        "cron(* * ? * ? *)",
        "cron(* * * * * *)",
        "cron(0 1 1 * MON *)",
        "cron(60 * * * ? *)",
        "cron(-1 * * * ? *)",
        "cron(* 24 * * ? *)",
        "cron(* * 0 * ? *)",
        "cron(* * 32 * ? *)",
        "cron(* * * 0 ? *)",
        "cron(* * * 13 ? *)",
        "cron(* * ? * 0 *)",
        "cron(* * ? * 8 *)",
        "cron(* * * * ? 1969)",
        "cron(* * * * ? 2200)",
        "cron(* * * * ? 2030-2020)",
        "cron(? * * * ? *)",
        "cron(* * * ? ? *)",
        "cron(* * * * ? ?)",
        "cron(1, * * * ? *)",
        "cron(,1 * * * ? *)",
        "cron(1- * * * ? *)",
        "cron(-5 * * * ? *)",
        "cron(1-2-3 * * * ? *)",
        "cron(/5 * * * ? *)",
        "cron(0/0 * * * ? *)",
        "cron(0/ * * * ? *)",
        "cron(0/60 * * * ? *)",
        "cron(*/5/5 * * * ? *)",
        "cron(** * * * ? *)",
        "cron(*-5 * * * ? *)",
        "cron(a * * * ? *)",
        "cron(JAN * * * ? *)",
        "cron(* * * JANUARY ? *)",
        "cron(* * ? * MONDAY *)",
        "cron( * * * * ? *)",
        "cron(* * * * ? * )",
        "CRON(* * * * ? *)",
        "cron(* * * * ? *) ",
        "cron(* * * * ? *))",
        "cron(* * * * ? 02026)",
    ]);
}

#[test]
fn letters_out_of_place_are_refused() {
    refuses(&[
        "cron(* * W * ? *)",
        "cron(* * 0W * ? *)",
        "cron(* * 32W * ? *)",
        "cron(* * 1,15W * ? *)",
        "cron(* * 1-5W * ? *)",
        "cron(* * L,1 * ? *)",
        "cron(* * L-3 * ? *)",
        "cron(* * 5L * ? *)",
        "cron(* * ? * 3#0 *)",
        "cron(* * ? * 3#6 *)",
        "cron(* * ? * 3# *)",
        "cron(* * ? * #2 *)",
        "cron(* * ? * 3#1,6#3 *)",
        "cron(* * ? * 1,6L *)",
        "cron(* * ? * 8L *)",
        "cron(* * 1#1 * ? *)",
        "cron(L * * * ? *)",
        "cron(1W * * * ? *)",
    ]);
}

/// The moments after the first one, in turn.
#[track_caller]
fn check(text: &str, after: &str, expected: &[&str]) {
    let schedule = Schedule::parse(text).unwrap_or_else(|_| panic!("{text} is no schedule"));
    let mut at_ms = ms(after);
    for moment in expected {
        let next = schedule.next_after(at_ms, 0);
        assert_eq!(
            next.map(calendar::iso8601),
            Some(format!("{moment}Z")),
            "{text} after {}",
            calendar::iso8601_ms(at_ms)
        );
        at_ms = next.unwrap_or(at_ms);
    }
}

#[test]
fn examples_of_the_documentation() {
    check("cron(0 10 * * ? *)", "2026-11-20T20:40:00.123", &["2026-11-21T10:00:00", "2026-11-22T10:00:00"]);
    check("cron(15 12 * * ? *)", "2026-12-31T12:15:00", &["2027-01-01T12:15:00"]);
    check("cron(0 18 ? * MON-FRI *)", "2026-11-20T18:00:00", &["2026-11-23T18:00:00", "2026-11-24T18:00:00"]);
    check("cron(0 8 1 * ? *)", "2026-11-20T00:00:00", &["2026-12-01T08:00:00", "2027-01-01T08:00:00"]);
    check("cron(0/15 * * * ? *)", "2026-11-20T23:31:00", &["2026-11-20T23:45:00", "2026-11-21T00:00:00"]);
    check(
        "cron(1/10 * ? * MON-FRI *)",
        "2026-11-20T23:45:00",
        &["2026-11-20T23:51:00", "2026-11-23T00:01:00"],
    );
    check(
        "cron(0/5 8-17 ? * MON-FRI *)",
        "2026-11-20T17:50:00",
        &["2026-11-20T17:55:00", "2026-11-23T08:00:00"],
    );
    check(
        "cron(0/30 20-2 ? * MON-FRI *)",
        "2026-11-20T01:59:00",
        &["2026-11-20T02:00:00", "2026-11-20T02:30:00", "2026-11-20T20:00:00", "2026-11-20T20:30:00"],
    );
    check("cron(5,35 14 * * ? *)", "2026-11-20T14:05:00", &["2026-11-20T14:35:00", "2026-11-21T14:05:00"]);
    check(
        "cron(15 10 ? * 6L 2019-2022)",
        "2019-01-01T00:00:00",
        &["2019-01-25T10:15:00", "2019-02-22T10:15:00"],
    );
}

#[test]
fn days_with_letters() {
    check("cron(0 0 L * ? *)", "2024-01-31T00:00:00", &["2024-02-29T00:00:00", "2024-03-31T00:00:00"]);
    check("cron(0 0 LW * ? *)", "2026-01-01T00:00:00", &["2026-01-30T00:00:00", "2026-02-27T00:00:00"]);
    // 2026-08-01 is a Saturday, 2026-11-01 a Sunday, 2026-05-31 a Sunday, 2026-10-31 a Saturday.
    check("cron(0 0 1W 8,11 ? *)", "2026-01-01T00:00:00", &["2026-08-03T00:00:00", "2026-11-02T00:00:00"]);
    check("cron(0 0 31W 5,10 ? *)", "2026-01-01T00:00:00", &["2026-05-29T00:00:00", "2026-10-30T00:00:00"]);
    check("cron(0 0 31W * ? *)", "2026-02-01T00:00:00", &["2026-03-31T00:00:00", "2026-05-29T00:00:00"]);
    check("cron(0 0 3W * ? *)", "2026-01-01T00:00:00", &["2026-01-02T00:00:00", "2026-02-03T00:00:00"]);
    check("cron(0 0 ? * 3#2 *)", "2026-11-01T00:00:00", &["2026-11-10T00:00:00", "2026-12-08T00:00:00"]);
    check("cron(0 0 ? * SAT#5 *)", "2026-11-01T00:00:00", &["2027-01-30T00:00:00", "2027-05-29T00:00:00"]);
    check("cron(0 0 ? * L *)", "2026-11-20T00:00:00", &["2026-11-21T00:00:00", "2026-11-28T00:00:00"]);
    check("cron(0 0 ? * 1L *)", "2026-11-20T00:00:00", &["2026-11-29T00:00:00"]);
    check(
        "cron(0 0 ? * fri-mon *)",
        "2026-11-19T00:00:00",
        &[
            "2026-11-20T00:00:00",
            "2026-11-21T00:00:00",
            "2026-11-22T00:00:00",
            "2026-11-23T00:00:00",
            "2026-11-27T00:00:00",
        ],
    );
}

#[test]
fn ranges_lists_and_steps() {
    check(
        "cron(0 0 1 NOV-FEB ? *)",
        "2026-11-01T00:00:00",
        &["2026-12-01T00:00:00", "2027-01-01T00:00:00", "2027-02-01T00:00:00", "2027-11-01T00:00:00"],
    );
    check("cron(50-10/15 0 1 1 ? *)", "2026-01-01T00:00:00", &["2026-01-01T00:05:00", "2026-01-01T00:50:00"]);
    check(
        "cron(0 20-4/4 1 1 ? *)",
        "2025-12-31T00:00:00",
        &["2026-01-01T00:00:00", "2026-01-01T04:00:00", "2026-01-01T20:00:00"],
    );
    check(
        "cron(0 0 */10 * ? *)",
        "2026-02-02T00:00:00",
        &["2026-02-11T00:00:00", "2026-02-21T00:00:00", "2026-03-01T00:00:00"],
    );
    check("cron(0 0 29 2 ? 2027/1)", "2026-01-01T00:00:00", &["2028-02-29T00:00:00", "2032-02-29T00:00:00"]);
    check("cron(59 23 31 DEC ? 2199)", "2026-01-01T00:00:00", &["2199-12-31T23:59:00"]);
    check("cron(0  0\t1 1 ? *)", "1900-01-01T00:00:00", &["1970-01-01T00:00:00", "1971-01-01T00:00:00"]);
}

#[test]
fn schedules_end() {
    for (text, after) in [
        ("cron(15 10 ? * 6L 2002-2005)", "2026-01-01T00:00:00"),
        ("cron(59 23 31 DEC ? 2199)", "2199-12-31T23:59:00"),
        ("cron(0 0 30 2 ? *)", "2026-01-01T00:00:00"),
        ("cron(0 0 31W 2,4,6 ? *)", "2026-01-01T00:00:00"),
        ("cron(* * * * ? *)", "2199-12-31T23:59:00"),
        ("cron(* * * * ? *)", "9999-12-31T23:59:00"),
    ] {
        let schedule = Schedule::parse(text).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(schedule.next_after(ms(after), 0), None, "{text}");
    }
}

#[test]
fn any_moment_may_be_asked_for() {
    let schedule = Schedule::parse("cron(* * * * ? *)").expect("a schedule");
    assert_eq!(schedule.next_after(i64::MIN, 0), Some(0));
    assert_eq!(schedule.next_after(-1, 0), Some(0));
    assert_eq!(schedule.next_after(0, 0), Some(60_000));
    assert_eq!(schedule.next_after(59_999, 0), Some(60_000));
    assert_eq!(schedule.next_after(i64::MAX, 0), None);
    let rate = Schedule::parse("rate(1 day)").expect("a schedule");
    for (after_ms, created_ms) in [(i64::MAX, i64::MIN), (i64::MIN, i64::MAX), (i64::MAX, 0)] {
        assert_eq!(rate.next_after(after_ms, created_ms), None);
    }
    assert!(rate.next_after(0, i64::MAX).is_some_and(|at_ms| (1..=2).contains(&(at_ms / 86_400_000))));
}

/// A value, all of them, or a range.
fn range(min: u32, max: u32, names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let value = (min..=max).prop_flat_map(move |value| {
        let name =
            names.get((value - min) as usize).map_or_else(|| value.to_string(), |name| (*name).to_owned());
        select(vec![value.to_string(), name])
    });
    prop_oneof![
        3 => value.clone(),
        1 => Just("*".to_owned()),
        2 => (value.clone(), value).prop_map(|(first, last)| format!("{first}-{last}")),
    ]
}

/// A field: a list of values, ranges and steps within its bounds.
fn field(min: u32, max: u32, names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let step = proptest::option::weighted(0.3, 1..=max);
    list((range(min, max, names), step).prop_map(|(range, step)| match step {
        Some(step) => format!("{range}/{step}"),
        None => range,
    }))
}

fn list(item: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::collection::vec(item, 1..4).prop_map(|items| items.join(","))
}

fn days() -> impl Strategy<Value = (String, String)> {
    let of_month = prop_oneof![
        4 => field(1, 31, &[]),
        1 => Just("L".to_owned()),
        1 => Just("LW".to_owned()),
        2 => (1..=31).prop_map(|day| format!("{day}W")),
    ];
    let of_week = prop_oneof![
        4 => list(range(1, 7, fields::DAYS_OF_WEEK.names)),
        1 => Just("L".to_owned()),
        2 => (1..=7).prop_map(|day| format!("{day}L")),
        2 => (1..=7, 1..=5).prop_map(|(day, nth)| format!("{day}#{nth}")),
    ];
    prop_oneof![
        of_month.prop_map(|days| (days, "?".to_owned())),
        of_week.prop_map(|days| ("?".to_owned(), days)),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    let years = select(vec!["*", "2024", "2023,2025-2027", "2020/3", "1999-2024", "*/2"]);
    (field(0, 59, &[]), field(0, 23, &[]), days(), field(1, 12, fields::MONTHS.names), years).prop_map(
        |(minutes, hours, (of_month, of_week), months, years)| {
            format!("cron({minutes} {hours} {of_month} {months} {of_week} {years})")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn next_moments_are_those_of_the_naive_reading(text in expression(), after_ms in 1_640_000_000_000_i64..1_740_000_000_000) {
        let schedule = Schedule::parse(&text).unwrap_or_else(|_| panic!("{text} is no schedule"));
        let naive = naive::Expression::read(&text);
        let mut at_ms = after_ms;
        for _ in 0..3 {
            let expected = naive.next_after(at_ms);
            // Beyond its horizon the naive reading says nothing.
            let next = schedule.next_after(at_ms, 0).filter(|next| *next < naive::horizon(at_ms));
            prop_assert_eq!(next, expected, "{} after {}", text, calendar::iso8601_ms(at_ms));
            let Some(next) = next else { break };
            at_ms = next;
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(rate|cron)\\([-0-9A-Z*/?#,W L]{0,30}\\)?") {
        if let Ok(schedule) = Schedule::parse(&text) {
            schedule.next_after(0, 0);
        }
    }
}
