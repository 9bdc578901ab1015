//! Proof by a page: what a stranger names leads nowhere inside.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use hostctl::sandbox::ports::Port;
use serde_json::Value;

use crate::support::Lab;

/// Addresses by name, one after the other for each question; the last one stays.
type Answers = Arc<Mutex<Vec<(&'static str, Vec<IpAddr>)>>>;

/// A resolver that says another thing each time it is asked, as one does that wants to lead somebody inside.
fn resolver(answers: Answers) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let mut answer = Message::from_vec(&buffer[..length])
                .expect("a question")
                .into_response();
            let query = answer.queries[0].clone();
            let name = query.name().to_ascii();
            let mut known = answers.lock().expect("answers");
            let known = known
                .iter_mut()
                .find(|(host, _)| name.trim_end_matches('.') == *host);
            if let Some((_, addresses)) =
                known.filter(|(_, addresses)| fits(addresses[0], query.query_type()))
            {
                let address = if addresses.len() > 1 {
                    addresses.remove(0)
                } else {
                    addresses[0]
                };
                let data = match address {
                    IpAddr::V4(address) => RData::A(address.into()),
                    IpAddr::V6(address) => RData::AAAA(address.into()),
                };
                answer.add_answer(Record::from_rdata(query.name().clone(), 0, data));
            }
            socket
                .send_to(&answer.to_vec().expect("bytes"), from)
                .expect("sent");
        }
    });
    address
}

fn fits(address: IpAddr, rtype: RecordType) -> bool {
    rtype
        == if address.is_ipv4() {
            RecordType::A
        } else {
            RecordType::AAAA
        }
}

/// A web server of one thing; counts who comes.
struct Web {
    visits: Arc<AtomicUsize>,
}

impl Web {
    /// `answer` is told the path and gives status, headers and body.
    fn start(address: SocketAddr, answer: impl Fn(&str) -> String + Send + 'static) -> Web {
        let listener = TcpListener::bind(address).expect("a listener");
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&visits);
        std::thread::spawn(move || {
            while let Ok((mut client, _)) = listener.accept() {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let length = client.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                client.write_all(answer(path).as_bytes()).ok();
            }
        });
        Web { visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn page(text: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    )
}

fn moved(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect(text)
}

struct Story {
    lab: Lab,
    port: u16,
    answers: Answers,
    _kept: Port,
}

impl Story {
    fn begin() -> Story {
        let lab = Lab::new();
        let answers = Answers::default();
        let kept = Port::reserve().expect("a port");
        let resolver = resolver(Arc::clone(&answers));
        let port = kept.number();
        lab.configure(&format!(
            "\n[resolver]\nservers = [\"{resolver}\"]\n[domain]\nhttp_port = {port}\nallow_private = [\"127.0.0.8/31\"]\n"
        ));
        Story {
            lab,
            port,
            answers,
            _kept: kept,
        }
    }

    fn host(&self, name: &'static str, addresses: &[&str]) {
        let addresses = addresses.iter().map(|address| ip(address)).collect();
        self.answers.lock().expect("answers").push((name, addresses));
    }

    /// URL and token.
    fn add(&self, name: &str) -> (String, String) {
        let ran = self
            .lab
            .run(&["domain", "add", name, "--method", "http", "-o", "json"]);
        let publish = ran.expect_code(0).json()["publish"].clone();
        let text = |key: &str| publish[key].as_str().expect("text").to_owned();
        (text("name"), text("value"))
    }

    fn verify(&self, name: &str, code: i32) -> [String; 2] {
        let ran = self.lab.run(&["domain", "verify", name, "-o", "json"]);
        let row: Value = ran.expect_code(code).json()[0].clone();
        ["state", "found"].map(|key| row[key].as_str().expect("text").to_owned())
    }

    fn at(&self, last: u8) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, last], self.port))
    }
}

/// Path and answer.
type Pages = Arc<Mutex<Vec<(String, String)>>>;

/// The web server that the hosts are on, and one that nobody may be led to.
struct Webs {
    pages: Pages,
    here: Web,
    elsewhere: Web,
}

impl Webs {
    fn start(story: &Story) -> Webs {
        let pages = Pages::default();
        let known = Arc::clone(&pages);
        let here = Web::start(story.at(8), move |path| {
            let known = known.lock().expect("pages");
            let found = known
                .iter()
                .find(|(place, _)| path == place)
                .map(|(_, answer)| answer.clone());
            found.unwrap_or_else(|| {
                "HTTP/1.1 404 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()
            })
        });
        let elsewhere = Web::start(story.at(9), |_| page("inside"));
        Webs {
            pages,
            here,
            elsewhere,
        }
    }

    fn serve(&self, url: &str, answer: String) {
        let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}"));
        self.pages
            .lock()
            .expect("pages")
            .push((path.expect("a path"), answer));
    }
}

#[test]
fn a_page_proves_a_host_and_leads_nowhere_else() {
    let story = Story::begin();
    let webs = Webs::start(&story);
    pages_are_read(&story, &webs);
    redirects_stay_on_the_host(&story, &webs);
    private_addresses_are_not_asked(&story, &webs);
}

fn pages_are_read(story: &Story, webs: &Webs) {
    story.host("good.test", &["127.0.0.8"]);
    let (url, token) = story.add("good.test");
    let place = format!("http://good.test:{}/.well-known/hostctl-challenge/", story.port);
    assert!(url.starts_with(&place), "{url}");
    assert!(!url.contains(&token), "the URL gives the token away");
    assert_eq!(
        story.verify("good.test", 5),
        ["absent", "status 404 at 127.0.0.8"]
    );
    webs.serve(&url, page(&format!("{token}\n")));
    assert_eq!(
        story.verify("good.test", 0),
        ["verified", "token seen at 127.0.0.8"]
    );

    story.host("long.test", &["127.0.0.8"]);
    let (url, token) = story.add("long.test");
    webs.serve(&url, page(&format!("{token}{}", " ".repeat(1024))));
    assert_eq!(
        story.verify("long.test", 5)[1],
        "a page too long for a token at 127.0.0.8"
    );
}

fn redirects_stay_on_the_host(story: &Story, webs: &Webs) {
    for (name, target) in [
        ("away.test", format!("http://other.test:{}/", story.port)),
        ("inside.test", format!("http://127.0.0.9:{}/", story.port)),
        ("port.test", "http://port.test:1/".to_owned()),
    ] {
        story.host(name, &["127.0.0.8"]);
        let (url, _) = story.add(name);
        webs.serve(&url, moved(&target));
        let place = target.trim_start_matches("http://").trim_end_matches('/');
        let expected = [
            "refused".to_owned(),
            format!("a redirect to {place} at 127.0.0.8"),
        ];
        assert_eq!(story.verify(name, 5), expected);
    }
    story.host("circle.test", &["127.0.0.8"]);
    let (url, _) = story.add("circle.test");
    webs.serve(&url, moved(&url));
    assert_eq!(
        story.verify("circle.test", 5),
        ["refused", "more than 5 redirects at 127.0.0.8"]
    );

    // The name leads to the right place when it is looked at, and inside from then on.
    story.host("rebound.test", &["127.0.0.8", "127.0.0.9"]);
    let (url, token) = story.add("rebound.test");
    webs.serve(&url, moved("/moved"));
    webs.serve("http://rebound.test/moved", page(&token));
    assert_eq!(
        story.verify("rebound.test", 0),
        ["verified", "token seen at 127.0.0.8"]
    );
    assert_eq!(webs.elsewhere.visits(), 0, "nobody was led elsewhere");
}

fn private_addresses_are_not_asked(story: &Story, webs: &Webs) {
    let visits = webs.here.visits();
    for (name, address) in [
        ("private.test", "10.0.0.1"),
        ("metadata.test", "169.254.169.254"),
        ("shared.test", "100.64.0.1"),
        ("loop.test", "127.0.0.1"),
        ("six.test", "::1"),
        ("mapped.test", "::ffff:127.0.0.8"),
        ("cast.test", "224.0.0.1"),
    ] {
        story.host(name, &[address]);
        story.add(name);
        let expected = [
            "refused".to_owned(),
            format!("{name} has the private address {address}, which is not asked"),
        ];
        assert_eq!(story.verify(name, 5), expected);
    }
    story.add("nowhere.test");
    assert_eq!(
        story.verify("nowhere.test", 5),
        ["absent", "nowhere.test has no address"]
    );
    assert_eq!(webs.here.visits(), visits, "not even connected to");

    // As it is shipped, nothing is allowed.
    story.host("shipped.test", &["127.0.0.8"]);
    let (url, token) = story.add("shipped.test");
    webs.serve(&url, page(&token));
    let strict = story
        .lab
        .call(&["domain", "verify", "shipped.test", "-o", "json"]);
    let strict = strict.variable("HOSTCTL_DOMAIN__ALLOW_PRIVATE", "").run();
    assert_eq!(strict.expect_code(5).json()[0]["state"], "refused");
    assert_eq!(webs.here.visits(), visits);
    assert_eq!(story.verify("shipped.test", 0)[0], "verified");
}
