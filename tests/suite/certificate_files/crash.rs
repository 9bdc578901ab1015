//! Killed at any point, `current` leads to a whole generation, and the next run does what is left.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hostctl::certificate::x509::{Chain, Key};
use hostctl::env::child::{self, Lifetime, Signal};

use super::authority::Authority;
use super::nginx;
use crate::support::Lab;
use crate::support::call::program;

/// Where `HOSTCTL_CRASH` ends a deployment, in order: between two files, before the directory has its name, between the
/// two links, after the switch, in the hook, after the hook, after the probe, after the confirmation.
const POINTS: [&str; 9] = [
    "0:mid_effect",
    "0:effect_done",
    "1:mid_effect",
    "1:effect_done",
    "2:effect_done",
    "2:mid_effect",
    "3:effect_done",
    "4:effect_done",
    "5:effect_done",
];

#[test]
fn a_deployment_that_was_killed_anywhere_is_finished_by_the_next() {
    let lab = Lab::new();
    let authority = Authority::new();
    let directory = lab.path("certificates");
    let hook = nginx::program(&lab.path("hook"), "exit 0");
    lab.configure(&format!(
        "\n[certificate]\ndirectory = \"{}\"\ndeploy_hook = [\"{}\"]\n",
        directory.display(),
        hook.display()
    ));
    let folder = directory.join("shop.example");
    let found = lab.path("found");
    let import = || {
        authority.issue(&["shop.example"], 90).write(&found);
        lab.run(&["cert", "import", &found.display().to_string()])
            .expect_code(0);
    };
    import();
    lab.run(&["cert", "place", "shop.example"]).expect_code(0);
    lab.run(&["cert", "deploy", "shop.example"]).expect_code(0);
    for (index, point) in POINTS.iter().enumerate() {
        import();
        let killed = lab
            .call(&["cert", "deploy", "--pending"])
            .crash(&format!("die:{point}:do"))
            .run();
        assert!(killed.was_killed(), "{point}: {killed}");
        check_pair(&folder.join("current"));
        lab.run(&["cert", "deploy", "--pending"]).expect_code(0);
        check_pair(&folder.join("current"));
        let number = (index + 2).to_string();
        assert_eq!(
            fs::read_link(folder.join("current")).expect("a link"),
            Path::new(&number),
            "{point}"
        );
        let confirmed = lab.ask("SELECT generation::text FROM hostctl.certificate_places");
        assert_eq!(confirmed, [number], "{point}");
        // Three generations, two links, the lock; nothing unfinished.
        let mut names: Vec<String> = fs::read_dir(&folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.retain(|name| name.parse::<u32>().is_err());
        names.sort();
        assert_eq!(names, [".lock", "current", "previous"], "{point}");
        let generations = fs::read_dir(&folder).expect("a folder").count() - names.len();
        assert_eq!(generations, (index + 2).min(3), "{point}");
    }
    // On the way back: after the switch, and after the hook was told.
    let refusing = "[ \"$HOSTCTL_HOOK_RESULT\" = rolled_back ]";
    for (index, point) in ["6:effect_done", "7:effect_done"].into_iter().enumerate() {
        let before = fs::read_link(folder.join("current")).expect("a link");
        import();
        nginx::program(&hook, refusing);
        let killed = lab
            .call(&["cert", "deploy", "--pending"])
            .crash(&format!("die:{point}:do"))
            .run();
        assert!(killed.was_killed(), "{point}: {killed}");
        assert_eq!(
            fs::read_link(folder.join("current")).expect("a link"),
            before,
            "{point}"
        );
        check_pair(&folder.join("current"));
        nginx::program(&hook, "exit 0");
        lab.run(&["cert", "deploy", "--pending"]).expect_code(0);
        let number = (POINTS.len() + index + 2).to_string();
        assert_eq!(
            fs::read_link(folder.join("current")).expect("a link"),
            Path::new(&number),
            "{point}"
        );
    }
    what_nobody_confirmed_is_not_gone_back_to(&lab, &import, &hook, &folder);
}

/// Somebody died in a deployment, and the next one fails.
fn what_nobody_confirmed_is_not_gone_back_to(lab: &Lab, import: &dyn Fn(), hook: &Path, folder: &Path) {
    let link = |name: &str| fs::read_link(folder.join(name)).expect("a link");
    let log = lab.path("told");
    let tell = format!(
        "echo \"$HOSTCTL_HOOK_RESULT $HOSTCTL_HOOK_SERIAL\" >>{}",
        log.display()
    );
    let fails_after_a_death = || {
        import();
        let killed = lab
            .call(&["cert", "deploy", "shop.example"])
            .crash("die:2:effect_done:do")
            .run();
        assert!(killed.was_killed(), "{killed}");
        assert!(
            fs::read(folder.join("current/cert.pem")).is_ok(),
            "it was switched"
        );
        import();
        nginx::program(hook, &format!("{tell}\nexit 3"));
        let confirmed = lab.ask("SELECT generation::text FROM hostctl.certificate_places");
        lab.run(&["cert", "deploy", "shop.example"]).expect_code(10);
        confirmed[0].parse::<u32>().expect("a number")
    };
    let last_told = || {
        let told = fs::read_to_string(&log).expect("a log");
        told.lines().last().expect("a line").to_owned()
    };
    let says = |result: &str| {
        let read = fs::read(folder.join("current/cert.pem")).expect("a certificate");
        let chain = Chain::read(&read).expect("a certificate");
        assert_eq!(last_told(), format!("{result} {}", chain.leaf().serial));
    };
    let confirmed = fails_after_a_death();
    assert_eq!(link("current"), Path::new(&confirmed.to_string()));
    says("rolled_back");
    nginx::program(hook, "exit 0");
    lab.run(&["cert", "deploy", "shop.example"]).expect_code(0);
    assert_eq!(link("current"), Path::new(&(confirmed + 2).to_string()));
    assert_eq!(link("previous"), Path::new(&confirmed.to_string()));

    // Where that is there no more, nothing is better than the newest.
    let served = folder.join(link("current"));
    fs::remove_dir_all(served).expect("a generation");
    let confirmed = fails_after_a_death();
    assert_eq!(link("current"), Path::new(&(confirmed + 2).to_string()));
    says("deployed");
}

/// What was read before somebody else brought a newer one is not what is brought.
#[test]
fn who_slept_brings_nothing_older_than_what_is_there() {
    let lab = Lab::new();
    let authority = Authority::new();
    let directory = lab.path("certificates");
    lab.configure(&format!(
        "\n[certificate]\ndirectory = \"{}\"\n",
        directory.display()
    ));
    let found = lab.path("found");
    let import = || {
        authority.issue(&["shop.example"], 90).write(&found);
        lab.run(&["cert", "import", &found.display().to_string()])
            .expect_code(0);
    };
    import();
    lab.run(&["cert", "place", "shop.example"]).expect_code(0);
    let spec = program(&["cert", "deploy", "shop.example"])
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .variable("HOSTCTL_CRASH", "stop:0:effect_done:do");
    let sleeper =
        child::spawn_server(&spec, &lab.path("sleeper.log"), Lifetime::WithParent).expect("started");
    let until = |is_so: &dyn Fn() -> bool| {
        let begun = hostctl::clock::instant();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it goes on");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    until(&|| {
        let stat = fs::read_to_string(format!("/proc/{}/stat", sleeper.pid)).unwrap_or_default();
        stat.contains(") T ")
    });
    import();
    // Either it has to wait, or it brings the second.
    let served = match lab.run(&["cert", "deploy", "shop.example"]).code {
        Some(0) => "2",
        _ => "1",
    };
    child::send(sleeper, Signal::Continue).expect("it wakes up");
    until(&|| !sleeper.is_alive());
    let current = directory.join("shop.example/current");
    assert_eq!(fs::read_link(&current).expect("a link"), Path::new(served));
    lab.run(&["cert", "deploy", "shop.example"]).expect_code(0);
    assert_eq!(fs::read_link(&current).expect("a link"), Path::new("2"));
}

fn check_pair(current: &Path) {
    let read = |part: &str| fs::read(current.join(format!("{part}.pem"))).expect("a file");
    let key = Key::read(&read("privkey")).expect("a key");
    for part in ["cert", "fullchain", "combined"] {
        Chain::read(&read(part))
            .expect("a chain")
            .check_key(&key)
            .expect("a pair");
    }
}
