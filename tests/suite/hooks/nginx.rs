//! The worked example with the nginx of this machine.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};

use crate::support::Lab;

const CREATE: &[&str] = &["site", "create", "shop.example", "--db", "shop"];

/// An nginx of our own, which ends with the test.
struct Nginx {
    process: Process,
    port: u16,
}

impl Nginx {
    fn start(prefix: &Path) -> Nginx {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        fs::create_dir_all(prefix.join("vhosts")).expect("a folder");
        // Its workers read below a folder that only we can enter.
        let user = if child::is_root() { "user root;" } else { "" };
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path temporary;"))
            .concat();
        let configuration = format!(
            "{user} pid nginx.pid; worker_processes 1; events {{}}
            http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; return 421; }} include vhosts/*.conf; }}"
        );
        fs::write(prefix.join("nginx.conf"), configuration).expect("a configuration");
        let words = ["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"];
        let spec = Spec::new("nginx")
            .argument("-p")
            .argument(prefix)
            .arguments(words);
        let process = child::spawn_server(&spec, &prefix.join("log"), Lifetime::WithParent)
            .expect("nginx starts; where it is missing: apt-get install nginx-light");
        let nginx = Nginx { process, port };
        nginx.wait_for("shop.example", "421");
        nginx
    }

    /// The status and the text of a page, or nothing where nobody listens yet.
    fn ask(&self, host: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        write!(stream, "GET / HTTP/1.0\r\nHost: {host}\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// A reload takes a moment: old workers answer until the new ones are there.
    #[track_caller]
    fn wait_for(&self, host: &str, expected: &str) {
        let is_there = || self.ask(host).is_some_and(|answer| answer.contains(expected));
        for _ in 0..200 {
            if is_there() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{host} never answered {expected}, but {:?}", self.ask(host));
    }
}

#[test]
fn a_vhost_comes_and_goes_with_its_site() {
    let lab = Lab::new();
    let prefix = lab.path("nginx");
    let nginx = Nginx::start(&prefix);
    let root = prefix.join("roots/shop.example");
    fs::create_dir_all(&root).expect("a folder");
    fs::write(root.join("index.html"), "the shop").expect("a page");
    let stranger = prefix.join("vhosts/stranger.conf");
    let text = format!(
        "server {{ listen 127.0.0.1:{}; server_name stranger.example; return 204; }}",
        nginx.port
    );
    fs::write(&stranger, &text).expect("a vhost of somebody else");
    configure(&lab, &prefix, nginx.port);
    let before = lab.world();
    let vhost = prefix.join("vhosts/shop.example.conf");

    lab.run(CREATE).expect_code(0);
    nginx.wait_for("shop.example", "the shop");
    nginx.wait_for("stranger.example", "204");
    lab.run(&["site", "delete", "shop.example", "--purge", "--yes"])
        .expect_code(0);
    nginx.wait_for("shop.example", "421");

    // nginx -t says no: the whole site is refused.
    let broken = prefix.join("vhosts/broken.conf");
    fs::write(&broken, "nonsense;").expect("a broken vhost");
    let ran = lab.run(CREATE);
    ran.expect_code(8);
    assert!(ran.stderr.contains("unknown directive"), "{ran}");
    assert!(!vhost.exists());
    before.expect_same(&lab.world(), "after a site that was refused");
    fs::remove_file(&broken).expect("it is there");

    // What is there already belongs to somebody else.
    fs::write(&vhost, "# mine\n").expect("a vhost of somebody else");
    lab.run(CREATE).expect_code(8);
    assert_eq!(fs::read_to_string(&vhost).expect("untouched"), "# mine\n");
    fs::remove_file(&vhost).expect("it is there");
    before.expect_same(&lab.world(), "after a site whose vhost was there");

    // What was changed meanwhile is not taken away.
    lab.run(CREATE).expect_code(0);
    let ours = fs::read_to_string(&vhost).expect("a vhost");
    fs::write(&vhost, format!("{ours}# and more\n")).expect("a change");
    lab.run(&["site", "delete", "shop.example", "--purge", "--yes"])
        .expect_code(4);
    assert!(vhost.exists());
    fs::write(&vhost, ours).expect("as it was");

    // While nginx takes no configuration it would be served on: nothing is deleted, and that is told.
    let there = lab.world();
    fs::write(&broken, "nonsense;").expect("a broken vhost");
    let ran = lab.run(&["site", "delete", "shop.example", "--purge", "--yes"]);
    assert!(ran.expect_code(4).stderr.contains("unknown directive"), "{ran}");
    assert!(vhost.exists());
    nginx.wait_for("shop.example", "the shop");
    there.expect_same(&lab.world(), "a deletion that was refused");
    fs::remove_file(&broken).expect("it is there");

    lab.run(&["site", "delete", "shop.example", "--purge", "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "after the site");
    assert_eq!(fs::read_to_string(&stranger).expect("untouched"), text);
    let names: Vec<_> = fs::read_dir(prefix.join("vhosts"))
        .expect("a folder")
        .flatten()
        .collect();
    assert_eq!(names.len(), 1, "nothing is left: {names:?}");
    lab.wait(child::stop(
        nginx.process,
        Signal::Terminate,
        Duration::from_secs(5),
    ))
    .expect("nginx ends");
}

fn configure(lab: &Lab, prefix: &Path, port: u16) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/nginx-vhost");
    // A checkout may be open to others.
    let copy = lab.path("nginx-vhost");
    fs::copy(program, &copy).expect("the example");
    let command = |phase| {
        format!(
            "{phase} = [\"{}\", \"{phase}\", \"vhosts={prefix}/vhosts\", \"roots={prefix}/roots\", \"listen=127.0.0.1:{port}\", \"prefix={prefix}\"]\n",
            copy.display(),
            prefix = prefix.display(),
        )
    };
    let file = lab.sandbox().config_file();
    let before = fs::read_to_string(&file).expect("a configuration");
    let step = ["apply", "probe", "undo"].map(command).concat();
    fs::write(&file, format!("{before}\n[step.vhost]\n{step}")).expect("a configuration");
}
