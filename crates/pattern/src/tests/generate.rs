//! Random patterns and events over few keys and values, so that they meet.

use proptest::collection::vec;
use proptest::prelude::*;

const KEYS: &[&str] = &["a", "b", "c", "a.b", "b.c", "", "é", "source", "detail-type"];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "ab",
    "abc",
    "abcabc",
    "bca",
    "A",
    "aBc",
    "1",
    "100",
    "null",
    "true",
    "aws.ec2",
    "aws.s3",
    "a*b",
    "*",
    "/a/lib/b",
    "dir/sub/file.txt",
    "FILE.PNG",
    "10.0.0.1",
    "010.0.0.1",
    "10.0.0.255",
    "::1",
    "2001:db8::1",
    "fe80::",
    "straße",
    "STRASSE",
    "é",
    "É",
    "ſ",
    "K",
    "k",
    "日本",
    "日本語",
    "\u{212a}",
    "x\\\"y",
    "\\\"",
    "ab\\\"",
    "\\\"ab",
    "\\n",
    "\\\\",
    "aaaaaaaaab",
    "arn:aws:s3:::bucket/key-1",
    "arn:aws:s3:::bucket/key-2",
    "arn:aws:sqs:us-east-1:000000000000:q",
];

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "1.0",
    "1e0",
    "2",
    "2.5",
    "10",
    "100",
    "1E2",
    "0.1",
    "-1",
    "-1.5",
    "7",
    "42",
    "300",
    "3.0e2",
    "5000000000",
    "9007199254740993",
    "12345678901234567890",
    "0.30000000000000004",
    "1e301",
    "1e-7",
];

const WILDCARDS: &[&str] = &[
    "*", "a*", "*b", "a*b", "*b*", "*abc*", "*lib*", "/a/*/b", "*.PNG", "dir/*", "*bc*bc", "a", "*key-1",
    "arn:*:q", "é*", "\\\\*", "*\\\"*", "*日*",
];

const CIDRS: &[&str] =
    &["10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.128/25", "::/0", "fe80::/10", "2001:db8::/32"];

fn one(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(of).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    one(TEXTS).prop_map(|text| format!("\"{text}\""))
}

fn list(of: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    vec(of, 1..4).prop_map(|items| format!("[{}]", items.join(",")))
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![4 => text(), 3 => one(NUMBERS), 1 => one(&["true", "false", "null"])]
}

fn wildcard() -> impl Strategy<Value = String> {
    one(WILDCARDS).prop_map(|text| format!("\"{text}\""))
}

fn operator(name: &'static str, operand: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    operand.prop_map(move |operand| format!("{{\"{name}\":{operand}}}"))
}

fn numeric() -> impl Strategy<Value = String> {
    let single = (one(&["=", "<", "<=", ">", ">="]), one(NUMBERS))
        .prop_map(|(op, number)| format!("[\"{op}\",{number}]"));
    let range = (one(&[">", ">="]), one(NUMBERS), one(&["<", "<="]), one(NUMBERS))
        .prop_map(|(above, bottom, below, top)| format!("[\"{above}\",{bottom},\"{below}\",{top}]"));
    prop_oneof![single, range]
}

fn anything_but() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        one(NUMBERS),
        list(text()),
        list(one(NUMBERS)),
        operator("prefix", text()),
        operator("suffix", list(text())),
        operator("equals-ignore-case", text()),
        operator("wildcard", list(wildcard())),
    ]
}

fn alternative() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => scalar(),
        1 => operator("prefix", text()),
        1 => operator("suffix", text()),
        1 => operator("equals-ignore-case", text()),
        1 => operator("prefix", operator("equals-ignore-case", text())),
        1 => operator("suffix", operator("equals-ignore-case", text())),
        2 => operator("wildcard", wildcard()),
        2 => operator("numeric", numeric()),
        1 => operator("cidr", one(CIDRS).prop_map(|cidr| format!("\"{cidr}\""))),
        1 => operator("exists", one(&["true", "false"])),
        2 => operator("anything-but", anything_but()),
    ]
}

fn object(fields: impl Strategy<Value = Vec<(String, String)>>) -> impl Strategy<Value = String> {
    fields.prop_map(|fields| {
        let fields: Vec<String> =
            fields.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    })
}

/// The text of a pattern; not all of them compile.
pub(super) fn pattern() -> impl Strategy<Value = String> {
    let leaf = object(vec((one(KEYS), list(alternative())), 1..4)).boxed();
    leaf.prop_recursive(3, 24, 4, |inner| {
        let field = prop_oneof![
            3 => (one(KEYS), list(alternative())),
            2 => (one(KEYS), inner.clone()),
            1 => vec(inner, 2..4).prop_map(|objects| ("$or".to_owned(), format!("[{}]", objects.join(",")))),
        ];
        object(vec(field, 1..4))
    })
}

/// The text of an event.
pub(super) fn event() -> impl Strategy<Value = String> {
    let value = scalar().boxed().prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            3 => object(vec((one(KEYS), inner), 0..4)),
        ]
    });
    object(vec((one(KEYS), value), 0..6))
}
