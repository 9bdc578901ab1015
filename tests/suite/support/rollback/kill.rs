//! The verb, killed from outside at whatever moment.

use super::{End, Ran, Table, split};

impl Table<'_> {
    /// Has `run` carry out the verb, which it may kill, and says what came of it after one recovery.
    ///
    /// # Errors
    /// Where it is neither nothing nor all, an operation is left open, or the exit code lied.
    pub fn play_killed(&self, run: impl FnOnce(&[&str]) -> Ran) -> Result<(End, Ran), String> {
        self.prepare();
        let before = self.lab.world();
        let line = format!("{} --yes", self.resolved(self.verb.line));
        let ran = run(&split(&line));
        let recovery = self.lab.run(&["op", "recover"]);
        let open = self.lab.run(&["op", "list", "--open", "-o", "json"]);
        let claims = self.lab.ask("SELECT resource FROM hostctl.claims");
        if recovery.code != Some(0) || open.json() != serde_json::json!([]) || !claims.is_empty() {
            return Err(format!("{ran}\nthen {recovery}\nleft {open}\nand {claims:?}"));
        }
        let end = self
            .all_or_nothing(&before, &self.lab.world())
            .map_err(|problem| format!("{problem}\n{ran}\nthen {recovery}"))?;
        if !ran.was_killed() && (ran.code, end) != (Some(0), End::All) {
            return Err(format!("{end:?} of a run that nobody disturbed: {ran}"));
        }
        self.clear();
        Ok((end, ran))
    }
}
