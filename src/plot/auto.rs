//! One picture of two that differ in their colours alone. Private.

use super::append;

/// The light picture, with a rule that gives every mark the colour of the dark one where the reader's system asks for it.
///
/// A rule of CSS is stronger than an attribute, so that the light colours stay for programs that know no CSS, and for paper. Each pair of a light
/// and a dark colour has a number, by which the rules find their marks; they name the picture, for several may stand in one page.
pub(super) fn both(light: &str, dark: &str) -> String {
    let (light_ink, dark_ink) = (colours(light), colours(dark));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let (mut text, mut copied) = (String::with_capacity(light.len() * 5 / 4), 0);
    for (&(attribute, end, from), &(.., to)) in light_ink.iter().zip(&dark_ink) {
        if from == to {
            continue;
        }
        let number = pairs.iter().position(|pair| *pair == (from, to)).unwrap_or_else(|| {
            pairs.push((from, to));
            pairs.len() - 1
        });
        text += &light[copied..end];
        append(&mut text, format_args!(" data-{attribute}=\"{number}\""));
        copied = end;
    }
    text += &light[copied..];
    // The name of the picture is in the first id.
    let name = light.split_once("id=\"").and_then(|(_, rest)| rest.split_once("-title\"")).map_or("", |(name, _)| name);
    let mut rules = String::new();
    for (number, (_, to)) in pairs.iter().enumerate() {
        for attribute in ["fill", "stroke"] {
            append(&mut rules, format_args!(".{name} [data-{attribute}=\"{number}\"]{{{attribute}:{to}}}"));
        }
    }
    let style = format!("<svg class=\"{name}\"");
    let text = text.replacen("<svg", &style, 1);
    // After the texts for screen readers, which stand first.
    let rules = format!("</desc>\n<style>@media screen and (prefers-color-scheme: dark){{{rules}}}</style>");
    text.replacen("</desc>", &rules, 1)
}

/// The colours of all marks: attribute, where its value ends (after the quotation mark), and the value.
fn colours(svg: &str) -> Vec<(&str, usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    // What a text says is escaped within a tag, and stands outside of one: only tags are looked into.
    while let Some(open) = svg[at..].find('<').map(|i| at + i) {
        let close = svg[open..].find('>').map_or(svg.len(), |i| open + i);
        let tag = &svg[open..close];
        for attribute in ["fill", "stroke"] {
            let key = format!(" {attribute}=\"#");
            if let Some(i) = tag.find(&key) {
                let from = open + i + key.len() - 1;
                let to = svg[from..close].find('"').map_or(close, |i| from + i);
                found.push((if attribute == "fill" { "fill" } else { "stroke" }, to + 1, &svg[from..to]));
            }
        }
        at = close;
    }
    found.sort_by_key(|(_, end, _)| *end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_keep_their_light_colour_and_have_a_rule_for_the_dark_one() {
        let picture = |a: &str, b: &str| {
            format!(
                "<svg>\n<title id=\"p-title\">t</title><desc id=\"p-description\">a fill=\"#123456\"</desc>\n\
                 <rect fill=\"{a}\" stroke=\"{b}\"/><rect fill=\"{a}\"/><rect fill=\"none\"/></svg>"
            )
        };
        let text = both(&picture("#ffffff", "#000000"), &picture("#111111", "#000000"));
        assert!(text.starts_with("<svg class=\"p\">") && text.contains(">a fill=\"#123456\"</desc>"));
        assert_eq!(text.matches("fill=\"#ffffff\" data-fill=\"0\"").count(), 2);
        assert!(text.contains("stroke=\"#000000\"/>"), "{text}");
        assert!(
            text.contains("@media screen and (prefers-color-scheme: dark){.p [data-fill=\"0\"]{fill:#111111}"),
            "{text}"
        );
    }
}
