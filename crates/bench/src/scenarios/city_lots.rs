//! `city-lots`: banks of five rules, each asked about every line of a file of events.
//!
//! The lines come from the generator in `bench/` of the shared material, unpacked; nothing of it is in this repository.

use std::io;
use std::path::Path;

use bench::report::Target;
use bench::{failure, usage};
use pattern::{Pattern, RuleSet};

use crate::lab::Lab;

const SCENARIO: &str = "city-lots";

/// Millions of events a CPU second that the quamina crate reached, by the name of the bank.
const QUAMINA: [(&str, f64); 6] = [
    ("EXACT", 3.2),
    ("PREFIX", 2.8),
    ("WILDCARD", 2.1),
    ("NUMERIC", 0.746),
    ("ANYTHING_BUT", 0.678),
    ("COMPLEX_ARRAYS", 0.257),
];

pub(crate) fn run(lab: &mut Lab, lines: &Path, banks: &Path) -> io::Result<()> {
    let text = std::fs::read_to_string(lines)?;
    let lines: Vec<&str> = text.lines().collect();
    let banks: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&std::fs::read(banks)?)?;
    for (name, rules) in &banks {
        let mut set = RuleSet::new();
        for (number, rule) in rules.as_array().into_iter().flatten().enumerate() {
            let rule = rule.as_str().ok_or_else(|| failure("a rule is a text"))?;
            set.insert(number, &Pattern::compile(rule).map_err(|error| failure(error.to_string()))?);
        }
        let (mut rounds, mut matches) = (vec![], vec![]);
        for _ in 0..lab.settings.rounds {
            matches = vec![0_usize; set.len()];
            let cpu = usage::cpu(std::process::id())?;
            for line in &lines {
                for number in set.matches_json(line).map_err(|error| failure(error.to_string()))? {
                    matches[number] += 1;
                }
            }
            let seconds = (usage::cpu(std::process::id())? - cpu).as_secs_f64();
            rounds.push(lines.len() as f64 / seconds / 1e6);
        }
        let target = QUAMINA.iter().find(|(bank, _)| bank == name);
        let target = target.map_or(Target::Shown, |(_, figure)| Target::AtLeast(*figure, None));
        let note = format!("matches of each rule: {matches:?}");
        lab.row(SCENARIO, name.as_str(), "million events ÷ CPU second", rounds, target, note);
    }
    Ok(())
}
