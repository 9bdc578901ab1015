//! An nginx that serves what is deployed.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::certificate::probe::{self, Target};
use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::env::deadline::Deadline;

use crate::support::Lab;

/// One of our own, which ends with the test.
pub struct Nginx {
    process: Process,
    pub port: u16,
}

/// Writes a program.
pub fn program(path: &Path, script: &str) -> PathBuf {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).expect("a program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
    path.to_owned()
}

impl Nginx {
    /// Serves `directory` (a `current`) on a free port.
    pub fn start(lab: &Lab, directory: &Path) -> Nginx {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let prefix = lab.path("nginx");
        fs::create_dir_all(&prefix).expect("a folder");
        // Its workers read below a folder that only we can enter.
        let user = if child::is_root() { "user root;" } else { "" };
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path temporary;"))
            .concat();
        let directory = directory.display();
        let configuration = format!(
            "{user} pid nginx.pid; worker_processes 1; events {{}}
            http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port} ssl; return 204;
                ssl_certificate {directory}/fullchain.pem; ssl_certificate_key {directory}/privkey.pem; }} }}"
        );
        fs::write(prefix.join("nginx.conf"), configuration).expect("a configuration");
        let words = ["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"];
        let spec = Spec::new("nginx")
            .argument("-p")
            .argument(&prefix)
            .arguments(words);
        let process = child::spawn_server(&spec, &prefix.join("log"), Lifetime::WithParent)
            .expect("nginx starts; where it is missing: apt-get install nginx-light");
        Nginx { process, port }
    }

    /// What has it read its files again.
    pub fn reload(&self, lab: &Lab) -> PathBuf {
        program(&lab.path("reload"), &format!("kill -HUP {}", self.process.pid))
    }

    /// The serial number that is served; a server that is not there yet is waited for.
    pub fn serial(&self, lab: &Lab, name: &str) -> String {
        let target = Target {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            opening: hostctl::env::starttls::Opening::Direct,
        };
        for _ in 0..100 {
            let deadline = Deadline::after(Duration::from_secs(5));
            if let Ok(leaf) = lab.wait(probe::shown(&target, name, deadline)) {
                return leaf.serial;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("nginx shows no certificate");
    }

    /// Whether it comes to show this: for a moment after a reload those who worked before it still take connections.
    pub fn comes_to_serve(&self, lab: &Lab, name: &str, serial: &str) -> bool {
        (0..100).any(|_| {
            let is_served = self.serial(lab, name) == serial;
            if !is_served {
                std::thread::sleep(Duration::from_millis(50));
            }
            is_served
        })
    }

    pub fn end(self, lab: &Lab) {
        lab.wait(child::stop(
            self.process,
            Signal::Terminate,
            Duration::from_secs(5),
        ))
        .expect("nginx ends");
    }
}
