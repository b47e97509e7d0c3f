//! Rows of figures beside their targets: for a person, as the table of `docs/performance.md`, or as JSON.

use serde_json::{Value, json};

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// Larger is better. The second number is the stretch goal.
    AtLeast(f64, Option<f64>),
    /// Smaller is better. The second number is the stretch goal.
    AtMost(f64, Option<f64>),
    /// Shown for the picture; nothing was promised.
    Shown,
}

impl Target {
    fn text(self, digits: usize) -> String {
        let (sign, target, stretch) = match self {
            Self::AtLeast(target, stretch) => ("≥", target, stretch),
            Self::AtMost(target, stretch) => ("≤", target, stretch),
            Self::Shown => return "–".to_owned(),
        };
        let stretch = stretch.map(|stretch| format!(", stretch {stretch:.digits$}")).unwrap_or_default();
        format!("{sign} {target:.digits$}{stretch}")
    }

    fn verdict(self, measured: f64) -> &'static str {
        let (met, stretch) = match self {
            Self::AtLeast(target, stretch) => {
                (measured >= target, stretch.is_some_and(|goal| measured >= goal))
            }
            Self::AtMost(target, stretch) => {
                (measured <= target, stretch.is_some_and(|goal| measured <= goal))
            }
            Self::Shown => return "",
        };
        match (met, stretch) {
            (_, true) => "met, stretch too",
            (true, false) => "met",
            (false, false) => "**missed**",
        }
    }
}

/// One figure over all rounds.
#[derive(Debug)]
pub struct Row {
    /// The scenario's name on the command line.
    pub scenario: &'static str,
    /// What was done, such as "SendMessage, JSON, 16 connections".
    pub what: String,
    /// What is measured, with its unit: "messages/s ÷ bare's".
    pub figure: &'static str,
    /// One value a round.
    pub rounds: Vec<f64>,
    /// Digits behind the point.
    pub digits: usize,
    /// What was promised.
    pub target: Target,
    /// Absolute numbers for the reader; they hold on this machine only.
    pub note: String,
}

impl Row {
    fn median(&self) -> f64 {
        median(&self.rounds)
    }

    fn span(&self) -> String {
        let digits = self.digits;
        let (least, most) = self.rounds.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
        if self.rounds.len() < 2 { String::new() } else { format!("{least:.digits$}–{most:.digits$}") }
    }

    fn json(&self) -> Value {
        let (target, stretch, larger_is_better) = match self.target {
            Target::AtLeast(target, stretch) => (Some(target), stretch, Some(true)),
            Target::AtMost(target, stretch) => (Some(target), stretch, Some(false)),
            Target::Shown => (None, None, None),
        };
        json!({
            "scenario": self.scenario, "what": self.what, "figure": self.figure,
            "median": self.median(), "rounds": self.rounds,
            "target": target, "stretch": stretch, "largerIsBetter": larger_is_better,
            "verdict": self.target.verdict(self.median()), "note": self.note,
        })
    }
}

/// The middle value; of two middle ones the mean. NaN of nothing.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (len, half) if len % 2 == 1 => sorted[half],
        (_, half) => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

/// All rows of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order they were measured.
    pub rows: Vec<Row>,
}

impl Report {
    /// The table of `docs/performance.md`.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| scenario | what | figure | median | min–max | target | | absolute, on this machine |\n\
             |---|---|---|---:|---|---|---|---|\n",
        );
        for row in &self.rows {
            let digits = row.digits;
            text.push_str(&format!(
                "| `{}` | {} | {} | {:.digits$} | {} | {} | {} | {} |\n",
                row.scenario,
                row.what,
                row.figure,
                row.median(),
                row.span(),
                row.target.text(digits),
                row.target.verdict(row.median()),
                row.note,
            ));
        }
        text
    }

    /// Two lines a figure, for a terminal.
    #[must_use]
    pub fn human(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let digits = row.digits;
            text.push_str(&format!(
                "{:<18} {:<44} {:>10.digits$}  {:<34} {:<26} {}\n{:<18} {}\n",
                row.scenario,
                row.what,
                row.median(),
                row.figure,
                row.target.text(digits),
                row.target.verdict(row.median()).trim_matches('*'),
                "",
                [row.span(), row.note.clone()].join("  "),
            ));
        }
        text
    }

    /// Everything, rounds included.
    #[must_use]
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        format!("{:#}", json!({ "rows": rows }))
    }

    /// How many promised figures were missed.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.rows.iter().filter(|row| row.target.verdict(row.median()) == "**missed**").count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(target: Target, rounds: &[f64]) -> Row {
        let what = "x".to_owned();
        Row {
            scenario: "s",
            what,
            figure: "f",
            rounds: rounds.to_vec(),
            digits: 2,
            target,
            note: String::new(),
        }
    }

    #[test]
    fn a_row_is_judged_by_its_median() {
        let target = Target::AtLeast(0.35, Some(0.5));
        assert_eq!(row(target, &[0.1, 0.36, 0.9]).json()["verdict"], "met");
        assert_eq!(row(target, &[0.1, 0.2, 0.9]).json()["verdict"], "**missed**");
        assert_eq!(row(Target::AtMost(3.5, Some(2.7)), &[2.0, 3.0]).json()["verdict"], "met, stretch too");
    }

    #[test]
    fn markdown_names_the_target_and_the_verdict() {
        let report = Report { rows: vec![row(Target::AtMost(20.0, None), &[25.0])] };
        assert!(report.markdown().contains("| `s` | x | f | 25.00 |  | ≤ 20.00 | **missed** |"));
        assert_eq!(report.missed(), 1);
    }
}
