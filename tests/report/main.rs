//! The report: well-formed, complete, escaped, self-contained, and its numbers those of the scores.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod own;

use std::collections::BTreeSet;

use longspring::report::Report;
use longspring::{
    Aggregation, Cities, City, Claims, Cut, Dataset, Direction, Doubt, Error, Fault, Framework, Goal, Input, Inquiry,
    Method, MonteCarlo, Node, Normalisation, Observations, Panel, Penalty, Scores, Sources, WeightSpread, What,
    Yardstick, article,
};
use roxmltree::{Document, Node as Element, ParsingOptions};

/// A name that would be markup if anybody let it.
const EVIL: &str = "<script>alert('&\"')</script>";

fn parse(html: &str) -> Document<'_> {
    Document::parse_with_options(html, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }).unwrap()
}

fn text(element: Element<'_, '_>) -> String {
    element.descendants().filter(Element::is_text).filter_map(|n| n.text()).collect()
}

fn tags<'a, 'i>(page: &'a Document<'i>, tag: &'static str) -> impl Iterator<Item = Element<'a, 'i>> {
    page.descendants().filter(move |n| n.tag_name().name() == tag)
}

fn section<'a, 'i>(page: &'a Document<'i>, id: &str) -> Element<'a, 'i> {
    tags(page, "section").find(|s| s.attribute("id") == Some(id)).unwrap_or_else(|| panic!("no section {id}"))
}

/// What holds of every report.
fn check(html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\""));
    let page = parse(html);

    // ids are unique, and whatever points to one finds it
    let mut ids = BTreeSet::new();
    for id in page.descendants().filter_map(|n| n.attribute("id")) {
        assert!(ids.insert(id), "twice: {id}");
    }
    let mut pointed = 0;
    for element in page.descendants() {
        let labels = ["aria-labelledby", "aria-describedby", "aria-controls"];
        let named = labels.iter().filter_map(|name| element.attribute(*name)).flat_map(str::split_whitespace);
        let linked = element.attribute("href").and_then(|href| href.strip_prefix('#'));
        for id in named.chain(linked) {
            pointed += 1;
            assert!(ids.contains(id), "nothing has the id {id}");
        }
    }
    assert!(pointed > 20);

    // nothing is loaded: no element that fetches, no address but in links, no address in a style
    for element in page.descendants().filter(Element::is_element) {
        let tag = element.tag_name().name();
        let fetches =
            ["link", "img", "iframe", "object", "embed", "audio", "video", "source", "base", "form", "image", "use"];
        assert!(!fetches.contains(&tag), "<{tag}>");
        for attribute in element.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!["src", "srcset", "data", "action", "poster", "background", "ping"].contains(&name), "{name}");
            assert!(!name.starts_with("on"), "{name}={value}");
            assert!(!value.contains("url(") || !["style", "fill", "filter", "mask", "clip-path"].contains(&name));
            if name == "href" {
                assert_eq!(tag, "a");
                let fine = ["#", "https://", "http://"].iter().any(|start| value.starts_with(start));
                assert!(fine, "{value}");
            }
        }
    }
    let style: String = tags(&page, "style").map(text).collect();
    assert!(style.contains("prefers-color-scheme") && style.contains("@media print"));
    assert!(!style.contains("url(") && !style.contains("@import"));

    // only one script, the one that the policy knows
    let scripts: Vec<String> = tags(&page, "script").map(text).collect();
    assert_eq!(scripts.len(), 1);
    let policy = tags(&page, "meta").find(|m| m.attribute("http-equiv") == Some("Content-Security-Policy")).unwrap();
    let hash = format!("'sha256-{}'", base64(&sha256(scripts[0].as_bytes())));
    assert!(policy.attribute("content").unwrap().contains(&hash), "the policy must name {hash}");
    assert!(policy.attribute("content").unwrap().starts_with("default-src 'none'"));

    // landmarks, one heading of the first level, and no level left out
    for landmark in ["header", "nav", "main", "footer"] {
        assert_eq!(tags(&page, landmark).count(), 1, "{landmark}");
    }
    let levels: Vec<u32> = page
        .descendants()
        .filter_map(|n| n.tag_name().name().strip_prefix('h')?.parse().ok())
        .filter(|level| (1..=6).contains(level))
        .collect();
    assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(
        tags(&page, "section").count(),
        tags(&page, "nav")
            .next()
            .unwrap()
            .descendants()
            .filter(|n| n.has_tag_name(("http://www.w3.org/1999/xhtml", "a")))
            .count()
    );

    // tables are named, and so are their rows and columns; each row has as many fields as the head
    for table in tags(&page, "table") {
        let caption = table.children().find(|n| n.tag_name().name() == "caption").unwrap();
        assert!(!text(caption).is_empty());
        let frame = table.parent().unwrap();
        assert_eq!(frame.attribute("tabindex"), Some("0"));
        assert_eq!(frame.attribute("role"), Some("group"), "a landmark for each table would hide those of the page");
        assert_eq!(frame.attribute("aria-labelledby"), caption.attribute("id"));
        let part = |tag| table.children().find(|n| n.tag_name().name() == tag).unwrap();
        let heads: Vec<_> =
            part("thead").first_element_child().unwrap().children().filter(Element::is_element).collect();
        assert!(heads.iter().all(|head| head.attribute("scope") == Some("col")));
        let mut rows = 0;
        for row in part("tbody").children().filter(Element::is_element) {
            let fields: Vec<_> = row.children().filter(Element::is_element).collect();
            assert_eq!(fields.len(), heads.len(), "{}", text(caption));
            assert_eq!(fields.iter().filter(|f| f.attribute("scope") == Some("row")).count(), 1);
            rows += 1;
        }
        assert!(rows > 0);
    }
    for picture in tags(&page, "svg") {
        assert_eq!(picture.attribute("role"), Some("img"));
    }
    assert!(!html.contains("NaN") && !html.contains(">inf<"), "a number that is none");
}

/// Everything that the article has.
struct Article {
    framework: Framework,
    known: Observations,
    claims: Claims,
    sources: Sources,
    scores: Scores,
}

impl Article {
    fn new() -> Self {
        let (framework, known) = (article::framework(), article::observations());
        let cities = known.dataset(&framework, &Cut::latest()).unwrap();
        let scores = Method::new().fit(&framework, &cities).unwrap().score(&cities).unwrap();
        Self { framework, known, claims: article::claims(), sources: article::sources(), scores }
    }

    fn report(&self) -> Report<'_> {
        Report::new(&self.framework, &self.known)
            .index("renewal")
            .simulation(MonteCarlo::new(100).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 })))
            .claims(&self.claims)
            .sources(&self.sources)
    }
}

/// A framework of five cities of one's own, one of them with a name of markup, one without a figure.
fn tiny() -> (Framework, Dataset) {
    let framework = Framework::new([
        Node::index("live").name(EVIL).definition(EVIL),
        Node::measure("green", "live").name("Green & \"quiet\""),
        Node::indicator("parks", "green", Direction::HigherIsBetter).name("Parks <b>").unit("ha & more"),
        Node::indicator("noise", "green", Direction::LowerIsBetter).name("Noise").unit("dB"),
        Node::indicator("rent", "live", Direction::LowerIsBetter).name("Rent").definition("a < b"),
    ])
    .unwrap();
    let table = "city,parks,noise,rent\na,12,55,9\nb,30,61,12\nc,21,48,\nd,7,70,8\ne,,,\n";
    let cities = Dataset::read_csv(Input::text(table, "cities.csv"), &framework).unwrap();
    let names = [("a", EVIL), ("b", "Łódź & Co"), ("c", "'; DROP \"x\""), ("d", "]]>"), ("e", "\u{1}Empty")];
    let who = Cities::new(names.map(|(key, name)| City::new(key).name(name).attribute("country", EVIL))).unwrap();
    let cities = cities.with_cities(&who).unwrap();
    (framework, cities)
}

#[test]
fn the_article_whole() {
    let article = Article::new();
    let html = article.report().html().unwrap();
    check(&html);
    let page = parse(&html);
    for id in [
        "ranking",
        "measures",
        "cities",
        "improvement",
        "others",
        "trajectories",
        "claims",
        "asked",
        "coverage",
        "audit",
        "sources",
    ] {
        section(&page, id);
    }
    // the method is printed in full
    let method = tags(&page, "pre").map(text).collect::<String>();
    assert_eq!(method, Method::new().to_string().trim_end());
    // every claim, every measure, every source that has a figure
    let said = text(section(&page, "claims"));
    assert!(article.claims.iter().all(|claim| said.contains(&claim.text)));
    let said = text(section(&page, "measures"));
    assert!(article.framework.children("renewal").unwrap().all(|node| said.contains(&node.name)));
    let (said, source) = (text(section(&page, "sources")), article.sources.get("un-wup-2018").unwrap());
    assert!(said.contains(&source.title) && said.contains(&source.licence));
    // the four that the article compares
    let said = text(section(&page, "cities"));
    assert!(["Changchun", "Detroit", "Ruhr", "Sheffield"].iter().all(|name| said.contains(name)));
}

#[test]
fn the_table_says_what_was_scored() {
    let article = Article::new();
    let html = article.report().html().unwrap();
    let page = parse(&html);
    let table = section(&page, "ranking").descendants().find(|n| n.tag_name().name() == "table").unwrap();
    let rows: Vec<Vec<_>> = table
        .descendants()
        .filter(|n| n.tag_name().name() == "tr")
        .skip(1)
        .map(|row| row.children().filter(Element::is_element).collect())
        .collect();
    assert_eq!(rows.len(), article.scores.dataset().len());
    let (renewal, cities) = (article.scores.node("renewal").unwrap(), article::cities());
    let number = |field: &Element<'_, '_>| field.attribute("data-v").map(|v| v.parse::<f64>().unwrap());
    let mut seen = BTreeSet::new();
    for row in &rows {
        let name = text(row[1]);
        let key = &cities.iter().find(|city| city.name == name).unwrap().key;
        seen.insert(key.clone());
        assert_eq!(number(&row[0]), renewal.rank(key).unwrap());
        for (column, node) in
            [(3, "renewal"), (4, "industry"), (5, "infrastructure"), (6, "investment"), (7, "education")]
        {
            // bit for bit: what sorts is the score, what is shown has two decimals
            let score = article.scores.score(key, node).unwrap();
            assert_eq!(number(&row[column]).map(f64::to_bits), score.map(f64::to_bits), "{key} {node}");
            if let Some(score) = score {
                assert_eq!(text(row[column]), format!("{score:.2}"));
            }
        }
    }
    assert_eq!(seen.len(), 39);
}

#[test]
fn the_article_city_by_city() {
    let article = Article::new();
    for (key, name) in
        [("sheffield", "Sheffield"), ("changchun", "Changchun"), ("baltimore", "Baltimore"), ("ostrava", "Ostrava")]
    {
        let html = article.report().city(key).html().unwrap();
        check(&html);
        let page = parse(&html);
        assert!(text(tags(&page, "h1").next().unwrap()).contains(name));
        for id in [
            "profile",
            "contributions",
            "strengths",
            "peers",
            "model",
            "improvement",
            "trajectories",
            "figures",
            "asked",
            "sources",
        ] {
            section(&page, id);
        }
        // the figures, as they are in the cells
        let said = section(&page, "figures");
        let shown: Vec<f64> = said.descendants().filter_map(|n| n.attribute("data-v")?.parse().ok()).collect();
        for cell in article.scores.cells(key, "renewal").unwrap() {
            assert!(cell.value.is_none_or(|value| shown.contains(&value)), "{key} {}", cell.indicator);
        }
        // its own claims and nobody else's
        let of = |own: bool| article.claims.iter().filter(move |claim| (claim.subject == key) == own);
        let claims = tags(&page, "section").find(|s| s.attribute("id") == Some("claims")).map(text);
        assert_eq!(claims.is_some(), of(true).next().is_some());
        if let Some(said) = claims {
            assert!(of(true).all(|claim| said.contains(&claim.text)));
            assert!(of(false).all(|claim| !said.contains(&claim.text)));
        }
    }
}

#[test]
fn names_are_escaped_and_what_is_not_given_is_left_out() {
    let (framework, cities) = tiny();
    let report = Report::of(&framework, &cities).title(EVIL).date(EVIL);
    for html in
        [report.html().unwrap(), report.clone().city("a").html().unwrap(), report.clone().city("e").html().unwrap()]
    {
        check(&html);
        assert!(!html.contains("<script>alert"));
        let page = parse(&html);
        assert_eq!(text(tags(&page, "h1").next().unwrap()), EVIL);
        for id in ["claims", "sources", "trajectories", "others"] {
            assert!(!tags(&page, "section").any(|s| s.attribute("id") == Some(id)), "{id}");
        }
    }
    let html = report.html().unwrap();
    let page = parse(&html);
    let named: Vec<String> =
        section(&page, "ranking").descendants().filter(|n| n.attribute("scope") == Some("row")).map(text).collect();
    assert!(named.contains(&EVIL.to_owned()) && named.contains(&"]]>".to_owned()));
    assert!(named.contains(&"\u{fffd}Empty".to_owned()));
    assert!(text(section(&page, "ranking")).contains("was not asked"));
    // why a city has no score is said, and read out
    let last = tags(&page, "tr").filter(|r| text(*r).contains("\u{fffd}Empty")).map(text).collect::<String>();
    assert!(last.contains("no figure") || last.contains("children known"), "{last}");
}

/// Cities with figures by a function of the city and the indicator, in a framework of so many measures with so many indicators.
fn made(
    (cities, measures, each): (usize, usize, usize),
    name: impl Fn(usize) -> String,
    figure: impl Fn(usize, usize) -> Option<f64>,
) -> (Framework, Dataset) {
    let codes: Vec<(String, String)> =
        (0..measures).flat_map(|m| (0..each).map(move |i| (format!("m{m}"), format!("m{m}i{i}")))).collect();
    let inner = (0..measures).map(|m| Node::measure(format!("m{m}"), "index").name(format!("Measure {m}")));
    let leaf = |(m, code): &(String, String)| {
        let leaf = Node::indicator(code.as_str(), m.as_str(), Direction::HigherIsBetter);
        // Alone, a city has nobody to be compared with.
        if cities > 1 { leaf } else { leaf.worst(0.0).best(100.0) }
    };
    let leaves = codes.iter().map(leaf);
    let framework = Framework::new([Node::index("index")].into_iter().chain(inner).chain(leaves)).unwrap();
    let mut table = Dataset::builder(&framework, (0..cities).map(|c| format!("c{c}")));
    for (i, (_, code)) in codes.iter().enumerate() {
        table = table.column(code.as_str(), (0..cities).map(|c| figure(c, i)).collect::<Vec<_>>());
    }
    let who = Cities::new((0..cities).map(|c| City::new(format!("c{c}")).name(name(c)))).unwrap();
    (framework, table.build().unwrap().with_cities(&who).unwrap())
}

#[test]
fn the_page_is_sound_whatever_is_reported() {
    let plain = |c: usize| format!("City {c}");
    let any = |c: usize, i: usize| Some(((c * 37 + i * 11) % 101) as f64);
    let z = Method::new().normalisation(Normalisation::ZScore { mean: 0.0, sd: 1.0 });
    let rank = Method::new().normalisation(Normalisation::PercentileRank);
    let usual = Method::new();
    for (what, method, (framework, cities)) in [
        ("two cities", &usual, made((2, 2, 2), plain, any)),
        ("two hundred", &usual, made((200, 3, 2), plain, any)),
        ("one indicator", &usual, made((7, 1, 1), plain, any)),
        ("sixty indicators", &usual, made((9, 12, 5), plain, any)),
        ("below zero", &z, made((9, 2, 2), plain, |c, i| any(c, i).map(|v| v * -1e12 - 1e13))),
        ("huge and tiny", &z, made((9, 2, 2), plain, |c, i| any(c, i).map(|v| v * if i > 1 { 1e200 } else { 1e-200 }))),
        ("all tied", &rank, made((9, 2, 2), plain, |_, _| Some(42.0))),
        ("one city", &usual, made((1, 2, 2), plain, |_, _| Some(42.0))),
        ("nothing of a measure", &usual, made((9, 3, 2), plain, |c, i| any(c, i).filter(|_| i > 1))),
        ("long names", &usual, made((9, 2, 2), |c| "x\u{202e}<长".repeat(c * 200 + 1), any)),
    ] {
        let report = Report::of(&framework, &cities)
            .method(method.clone())
            .simulation(MonteCarlo::new(50).doubt(Doubt::weights(WeightSpread::Uniform)));
        for report in [report.clone(), report.city("c0")] {
            let html = report.html().unwrap_or_else(|error| panic!("{what}: {error}"));
            check(&html);
            assert!(!html.contains('\u{202e}'), "{what}");
        }
    }
}

#[test]
fn the_city_of_no_score_has_a_report_that_says_why() {
    let (framework, cities) = tiny();
    let html = Report::of(&framework, &cities).city("e").html().unwrap();
    let page = parse(&html);
    for id in ["contributions", "improvement", "model"] {
        assert!(text(section(&page, id)).contains("Not told: "), "{id}");
    }
}

#[test]
fn every_method_has_a_report() {
    let article = Article::new();
    let scale = Normalisation::MinMax { low: 1.0, high: 100.0 };
    for method in [
        Method::coinr(),
        Method::new().normalisation(scale).aggregation(Aggregation::Geometric),
        Method::new().aggregation_at(0, Aggregation::Median),
        Method::new().aggregation_at(0, Aggregation::MazziottaPareto { penalty: Penalty::Downward }),
        Method::new().aggregation_at(0, Aggregation::Minimum),
        Method::new().exclude(["wellbeing", "vitality"]),
        Method::new().normalisation(Normalisation::PercentileRank),
    ] {
        let report = Report::new(&article.framework, &article.known).method(method).focus(["lille", "turin"]);
        check(&report.html().unwrap());
        check(&report.city("lille").html().unwrap());
    }
}

#[test]
fn what_is_known_is_not_computed_again() {
    let article = Article::new();
    let doubts = || MonteCarlo::new(100).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let cities = article.known.dataset(&article.framework, &Cut::latest()).unwrap();
    let run = doubts().run(&Method::new(), &article.framework, &cities, "renewal").unwrap();
    let inquiry = Inquiry::new(&article.framework, &article.known)
        .method(Method::new())
        .cuts([Cut::latest()])
        .weights(longspring::WeightSpace::all().within(0.25));
    let tested = inquiry.test_claims(&article.claims).unwrap();
    let again = article.report().simulated(&run).tested(&inquiry, &tested).html().unwrap();
    assert!(again == article.report().html().unwrap(), "the same, whoever has computed it");
}

#[test]
fn the_same_twice_and_on_one_thread() {
    let article = Article::new();
    let doubts = || MonteCarlo::new(100).doubt(Doubt::weights(WeightSpread::Within { share: 0.25 }));
    let one = article.report().simulation(doubts().threads(1)).html().unwrap();
    assert!(one == article.report().html().unwrap());
    assert!(article.report().city("turin").html().unwrap() == article.report().city("turin").html().unwrap());
}

#[test]
fn options_say_what_they_do() {
    let article = Article::new();
    let method = Method::new().exclude(["industry", "infrastructure", "education", "wellbeing", "vitality"]);
    let panel = Panel::fit(&method, &article.framework, &article.known, 2013..=2019, Yardstick::Goalposts).unwrap();
    let html = Report::new(&article.framework, &article.known)
        .index("investment")
        .focus(["ulsan", "turin", "ulsan"])
        .goal(Goal::overtake("investment", "hamilton"))
        .panel(&panel)
        .series(["population"])
        .date("November 2026")
        .language("en")
        .html()
        .unwrap();
    check(&html);
    let page = parse(&html);
    let said = text(section(&page, "improvement"));
    assert!(said.contains("a better rank than Hamilton") && said.contains("Ulsan") && !said.contains("Detroit"));
    let said = text(section(&page, "trajectories"));
    assert!(said.contains("level and momentum") && said.contains("Population") && !said.contains("Greenness"));
    assert!(text(tags(&page, "header").next().unwrap()).contains("November 2026"));
    // a city is looked at once
    let twice = section(&page, "cities").descendants().filter(|n| n.tag_name().name() == "h3" && text(*n) == "Ulsan");
    assert_eq!(twice.count(), 1);
}

#[test]
fn what_does_not_exist_is_refused() {
    let article = Article::new();
    let report = || Report::new(&article.framework, &article.known);
    let unknown = |report: Report<'_>, kind: What, near: &str| match report.html().unwrap_err() {
        Error::Unknown { what, nearest, .. } => assert_eq!((what, nearest.as_deref()), (kind, Some(near))),
        other => panic!("{other}"),
    };
    unknown(report().index("renewl"), What::Node, "renewal");
    unknown(report().focus(["detriot"]), What::City, "detroit");
    unknown(report().city("shefield"), What::City, "sheffield");
    unknown(report().model("changchum"), What::City, "changchun");

    let fault = |report: Report<'_>| report.html().unwrap_err().problems()[0].fault.clone();
    assert!(matches!(fault(report().index("metro_km")), Fault::WrongKind { .. }));
    let cities = article.known.dataset(&article.framework, &Cut::latest()).unwrap();
    let doubt = MonteCarlo::new(20).doubt(Doubt::weights(WeightSpread::Uniform));
    let run = doubt.run(&Method::new(), &article.framework, &cities, "education").unwrap();
    assert!(matches!(fault(report().index("renewal").simulated(&run)), Fault::OtherNode { .. }));
    assert!(matches!(
        fault(report().method(Method::new().exclude(["renewal", "wellbeing", "vitality"]))),
        Fault::NothingLeft
    ));
}

/// SHA-256 (FIPS 180-4), so that the policy's hash is checked by another hand.
fn sha256(message: &[u8]) -> [u8; 32] {
    // The first 32 bits of the fractional parts of square and cube roots of the first primes.
    let primes: Vec<u32> = (2_u32..312).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
    let root = |n: u32, cube: bool| {
        // floor(root * 2^32) by bisection in whole numbers
        let (mut low, mut high) = (0_u128, 1_u128 << 36);
        let fits = |x: u128| {
            if cube { x * x * x <= u128::from(n) << 96 } else { x * x <= u128::from(n) << 64 }
        };
        while high - low > 1 {
            let middle = u128::midpoint(low, high);
            if fits(middle) { low = middle } else { high = middle }
        }
        u32::try_from(low & 0xffff_ffff).unwrap()
    };
    let mut state: Vec<u32> = primes[..8].iter().map(|&p| root(p, false)).collect();
    let constants: Vec<u32> = primes[..64].iter().map(|&p| root(p, true)).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64) + if padded.len() % 64 > 56 { 64 } else { 0 } - 8, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w: Vec<u32> = block.chunks(4).map(|b| u32::from_be_bytes(b.try_into().unwrap())).collect();
        for i in 16..64 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            w.push(w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1));
        }
        let mut v = state.clone();
        for i in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let t1 = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(constants[i]).wrapping_add(w[i]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0.wrapping_add(majority));
        }
        state.iter_mut().zip(v).for_each(|(s, x)| *s = s.wrapping_add(x));
    }
    let bytes: Vec<u8> = state.into_iter().flat_map(u32::to_be_bytes).collect();
    bytes.try_into().unwrap()
}

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_usize, |n, &b| n << 8 | usize::from(b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            text.push(if i <= group.len() { char::from(letters[number >> (18 - 6 * i) & 63]) } else { '=' });
        }
    }
    text
}

#[test]
fn the_hash_is_the_one_of_the_standard() {
    // FIPS 180-4, the example "abc"; RFC 4648, section 10
    assert_eq!(sha256(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    assert_eq!(sha256(&[b'a'; 64])[..4], [0xff, 0xe0, 0x54, 0xfe]);
    assert_eq!(base64(b"foobar") + &base64(b"fooba") + &base64(b"foob"), "Zm9vYmFyZm9vYmE=Zm9vYg==");
}
