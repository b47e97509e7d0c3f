//! One job's view of EventBridge: the transaction and the registry, changed together.
//!
//! An operation reads top to bottom: look up, refuse, change, answer. Everything it changes, it changes through a
//! `Ledger`, which keeps memory and store equal: what does not commit is read from the store again.

use std::sync::{Arc, MutexGuard};

use clock::Clock;
use delivery::Deliveries;
use failure::Failure;
use service::internal_failure;
use storage::Tx;

use crate::errors::{bus_does_not_exist, managed_rule, rule_does_not_exist};
use crate::registry::{Bus, Registry, Rule, Shared};
use crate::rules::bus_name::{BusKey, DEFAULT};
use crate::schedule::Schedule;
use crate::store::buses::{self, BusRow};
use crate::store::rules::{self, RuleRow};

/// The transaction and the registry.
pub(crate) struct Ledger<'a> {
    pub(crate) tx: &'a Tx<'a>,
    pub(crate) registry: MutexGuard<'a, Registry>,
    pub(crate) deliveries: &'a Arc<Deliveries>,
    /// Ids come from it; the time of a job is [`now_ms`](Self::now_ms).
    pub(crate) clock: &'a Clock,
    shared: &'a Arc<Shared>,
    /// The buses this job has changed or is about to.
    touched: Vec<i64>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn open(
        tx: &'a Tx<'a>,
        shared: &'a Arc<Shared>,
        deliveries: &'a Arc<Deliveries>,
        clock: &'a Clock,
    ) -> Result<Self, storage::Error> {
        let mut registry = shared.lock();
        registry.refresh(tx)?;
        Ok(Self { tx, registry, deliveries, clock, shared, touched: Vec::new() })
    }

    /// The instant of this job.
    pub(crate) fn now_ms(&self) -> i64 {
        self.tx.now_ms()
    }

    /// The id of a bus, if it is there. The default bus is, from the first time somebody asks.
    pub(crate) fn look_up(&mut self, key: &BusKey) -> Result<Option<i64>, Failure> {
        if let Some(id) = self.registry.by_key.get(key) {
            return Ok(Some(*id));
        }
        if &*key.name != DEFAULT {
            return Ok(None);
        }
        self.add_bus(BusRow::new(key.clone(), self.now_ms())).map(Some)
    }

    /// The id of a bus that has to be there.
    pub(crate) fn find(&mut self, key: &BusKey) -> Result<i64, Failure> {
        self.look_up(key)?.ok_or_else(|| bus_does_not_exist(&key.name).into())
    }

    /// Adds a bus; answers its id.
    pub(crate) fn add_bus(&mut self, mut row: BusRow) -> Result<i64, Failure> {
        row.id = buses::insert(self.tx, &row)?;
        let id = row.id;
        self.touch(id);
        self.registry.put(Bus::new(row));
        Ok(id)
    }

    /// A bus of a known id.
    pub(crate) fn bus(&self, id: i64) -> Result<&Bus, Failure> {
        self.registry.by_id.get(&id).ok_or_else(|| internal_failure().into())
    }

    /// A bus of a known id, to be changed; it is touched.
    pub(crate) fn bus_mut(&mut self, id: i64) -> Result<&mut Bus, Failure> {
        self.touch(id);
        self.registry.by_id.get_mut(&id).ok_or_else(|| internal_failure().into())
    }

    /// A rule that has to be there.
    pub(crate) fn rule(&self, bus: i64, name: &str) -> Result<&Rule, Failure> {
        let bus = self.bus(bus)?;
        bus.rules.get(name).ok_or_else(|| rule_does_not_exist(name, &bus.row.key.name).into())
    }

    /// Enables or disables a rule that has to be there.
    pub(crate) fn set_rule_state(&mut self, bus: i64, name: &str, state: &str) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        let mut row = self.rule(bus, name)?.row.clone();
        if row.managed_by.is_some() {
            return Err(managed_rule(name).into());
        }
        row.state = state.to_owned();
        row.fires_at_ms = next_firing(&row, now_ms);
        rules::update(self.tx, &row)?;
        self.replace_rule(bus, row)
    }

    /// Puts a changed row in the place of the one of its name, with the same targets.
    pub(crate) fn replace_rule(&mut self, bus: i64, row: RuleRow) -> Result<(), Failure> {
        let bus = self.bus_mut(bus)?;
        let targets = bus.take_rule(&row.name).map(|rule| rule.targets).unwrap_or_default();
        let mut rule = Rule::new(&bus.row.key, row);
        rule.targets = targets;
        bus.put_rule(rule);
        Ok(())
    }

    /// Has a bus read again if this job does not commit. Comes before every change to it.
    pub(crate) fn touch(&mut self, id: i64) {
        if self.touched.contains(&id) {
            return;
        }
        self.touched.push(id);
        let shared = Arc::clone(self.shared);
        self.tx.on_rollback(move || {
            let mut registry = shared.lock();
            registry.stale.insert(id);
        });
    }
}

/// When the schedule of a rule fires next, unless it has none or is disabled.
pub(crate) fn next_firing(row: &RuleRow, after_ms: i64) -> Option<i64> {
    let schedule = row.schedule.as_deref().filter(|_| row.is_enabled())?;
    Schedule::parse(schedule).ok()?.next_after(after_ms, row.created_at_ms)
}
