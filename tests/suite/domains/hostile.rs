//! Owners who want to be a nuisance, among others that want to be verified.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use futures_util::future::join_all;
use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::rdata::{A, NS};
use hickory_resolver::proto::rr::{Name, RData, Record};
use hostctl::clock;
use hostctl::config::Resolver;
use hostctl::env::deadline::Deadline;
use hostctl::lookup::Look;
use hostctl::model::{Network, Reach, RecordType};
use hostctl::sandbox::ports::Port;
use rustix::net::{AddressFamily, SocketType, bind, socket, sockopt};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Root and `test`, and who speaks for whoever is no nuisance.
const TOP: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const GOOD: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// So many name servers a nuisance has, and each so many addresses, where every question is taken and none answered.
const CROWD: u8 = 26;
const NUISANCES: u8 = 60;
const OTHERS: usize = 100;

/// At one port all of loopback is silent, but for those that are bound apart.
fn bound(at: SocketAddr) -> UdpSocket {
    let made = socket(AddressFamily::INET, SocketType::DGRAM, None).expect("a socket");
    sockopt::set_socket_reuseaddr(&made, true).expect("shared");
    bind(&made, &at).expect("bound");
    let made = UdpSocket::from(made);
    made.set_nonblocking(true).expect("a socket of the runtime");
    made
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect(text)
}

/// The delegation of the domain that is asked about, where it is asked for above; else that there is nothing.
fn answer(question: &[u8], is_top: bool) -> Message {
    let question = Message::from_vec(question).expect("a question");
    let asked = question.queries[0].name().clone();
    let mut answer = question.into_response();
    answer.edns = None;
    let domain = asked.trim_to(2);
    answer.metadata.authoritative = !is_top || asked.num_labels() < 2;
    if answer.metadata.authoritative {
        return answer;
    }
    let domain_text = domain.to_ascii();
    let nuisance = domain_text
        .strip_prefix("nuisance")
        .and_then(|rest| rest.strip_suffix(".test."));
    let (servers, base) = match nuisance {
        Some(number) => (CROWD, 10 + number.parse::<u8>().expect("a number")),
        None => (1, 0),
    };
    for server in 0..servers {
        let host = name(&format!("ns{server}.{domain_text}"));
        let target = RData::NS(NS(host.clone()));
        answer.add_authority(Record::from_rdata(domain.clone(), 60, target));
        let addresses: Vec<Ipv4Addr> = match base {
            0 => vec![GOOD],
            base => (0..CROWD)
                .map(|last| Ipv4Addr::new(127, base, server, last))
                .collect(),
        };
        for address in addresses {
            answer.add_additional(Record::from_rdata(host.clone(), 60, RData::A(A(address))));
        }
    }
    answer
}

/// Answers over UDP as far as it fits, and over TCP.
fn serve(address: Ipv4Addr, port: u16) {
    let at = SocketAddr::from((address, port));
    let socket = tokio::net::UdpSocket::from_std(bound(at)).expect("a socket");
    let is_top = address == TOP;
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let mut told = answer(&buffer[..length], is_top);
            if told.to_vec().expect("bytes").len() > 1232 {
                (told.authorities, told.additionals) = (Vec::new(), Vec::new());
                told.metadata.truncation = true;
            }
            socket.send_to(&told.to_vec().expect("bytes"), from).await.ok();
        }
    });
    tokio::spawn(async move {
        let listener = tokio::net::TcpListener::bind(at).await.expect("bound");
        while let Ok((mut stream, _)) = listener.accept().await {
            let length = stream.read_u16().await.expect("a length");
            let mut question = vec![0; usize::from(length)];
            stream.read_exact(&mut question).await.expect("a question");
            let told = answer(&question, is_top).to_vec().expect("bytes");
            let length = u16::try_from(told.len()).expect("short");
            stream
                .write_all(&[&length.to_be_bytes()[..], &told].concat())
                .await
                .ok();
        }
    });
}

#[tokio::test]
async fn who_names_hundreds_of_silent_servers_stands_in_nobody_s_way() {
    let port = Port::reserve().expect("a port");
    let silent = bound(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port.number())));
    for address in [TOP, GOOD] {
        serve(address, port.number());
    }
    let directory = tempfile::tempdir().expect("a directory");
    let hints = directory.path().join("hints");
    std::fs::write(&hints, format!(". NS a.\na. A {TOP}\n")).expect("a file");
    let config = Resolver {
        servers: vec![SocketAddr::from((TOP, port.number()))],
        authoritative_port: port.number(),
        root_hints_file: Some(hints),
        trust_anchor_file: None,
    };
    let reach = Reach::new(vec![Network::parse("127.0.0.0/8").expect("a network")]);
    let deadline = Deadline::after(Duration::from_secs(4));
    let look = Look::new(&config, &reach, deadline).expect("a look");
    let ask = async |domain: String| {
        let proof = format!("_proof.{domain}");
        look.ask_all(&domain, &proof, RecordType::Txt, deadline).await
    };
    let nuisances = join_all((0..NUISANCES).map(|number| ask(format!("nuisance{number}.test"))));
    let others = async {
        // All of theirs are under way.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = clock::instant();
        for found in join_all((0..OTHERS).map(|number| ask(format!("d{number}.test")))).await {
            assert_eq!(found.expect("found").heard.len(), 1);
        }
        begun.elapsed()
    };
    let (nuisances, spent) = tokio::join!(nuisances, others);
    // Alone they take milliseconds; behind the nuisances they would wait until the end.
    assert!(spent < Duration::from_secs(2), "{spent:?}");
    for found in nuisances {
        let heard = found.expect("found").heard;
        assert_eq!(
            heard.len(),
            usize::from(CROWD),
            "one address of each server, and no more"
        );
        assert!(heard.iter().all(|one| one.address.is_some()));
    }
    // One alone is soon over, however much time there would be.
    let begun = clock::instant();
    let deadline = Deadline::after(Duration::from_secs(60));
    let look = Look::new(&config, &reach, deadline).expect("a look");
    let asked = look.ask_all(
        "nuisance0.test",
        "_proof.nuisance0.test",
        RecordType::Txt,
        deadline,
    );
    assert_eq!(asked.await.expect("found").heard.len(), usize::from(CROWD));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    drop(silent);
}
