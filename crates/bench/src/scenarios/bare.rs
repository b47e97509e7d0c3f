//! `bare`: the yardstick alone, to see what this machine and the generator can do.

use std::io;

use bench::report::{Target, median};

use crate::lab::Lab;

pub(crate) async fn run(lab: &mut Lab) -> io::Result<()> {
    for connections in lab.settings.connections.map_or(vec![1, 16, 64], |only| vec![only]) {
        let (mut rates, mut cpu, mut medians, mut tails) = (vec![], vec![], vec![], vec![]);
        for _ in 0..lab.settings.rounds {
            let round = lab.bare_round(connections).await?;
            rates.push(round.rate());
            cpu.extend(round.cpu_micros());
            medians.push(round.micros_at(0.5));
            tails.push(round.micros_at(0.99));
        }
        let what = format!(
            "bare hyper, 1 KB in, {connections} connection{}",
            if connections == 1 { "" } else { "s" }
        );
        let note = format!(
            "{:.1} µs of server CPU; p50 {:.0} µs, p99 {:.0} µs",
            median(&cpu),
            median(&medians),
            median(&tails)
        );
        lab.row("bare", what, "requests/s", rates, Target::Shown, note);
    }
    Ok(())
}
