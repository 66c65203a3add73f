//! The one writer of HTML: whatever is said through it is escaped, and every element that is opened is closed. Private.
//!
//! What it writes is HTML that is well-formed XML as well, so that a strict parser can check it.

use crate::error::Result;
use crate::text::is_control;

/// Elements that have no content, and are closed where they are opened.
const VOID: [&str; 3] = ["meta", "br", "hr"];

/// A name and a value.
pub(super) type Attribute<'a> = (&'a str, &'a str);

/// A page in the making.
#[derive(Debug, Default)]
pub(super) struct Html {
    text: String,
    /// How many ids have been given out.
    ids: usize,
}

impl Html {
    /// A page that begins with what is written as it is.
    pub(super) fn new(head: &str) -> Self {
        Self { text: head.to_owned(), ids: 0 }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// An id that nothing else on the page has.
    pub(super) fn id(&mut self) -> String {
        self.ids += 1;
        format!("part-{}", self.ids)
    }

    fn start(&mut self, tag: &str, attributes: &[Attribute<'_>]) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(value, &mut self.text);
            self.text.push('"');
        }
        self.text.push_str(if VOID.contains(&tag) { " />" } else { ">" });
    }

    fn end(&mut self, tag: &str) {
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
        if !matches!(tag, "a" | "abbr" | "b" | "code" | "span" | "td" | "th") {
            self.text.push('\n');
        }
    }

    /// Text, escaped.
    pub(super) fn say(&mut self, text: &str) {
        escape(text, &mut self.text);
    }

    /// An element without content.
    pub(super) fn void(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.start(tag, attributes);
        self.text.push('\n');
    }

    /// An element with a text.
    pub(super) fn element(&mut self, tag: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.start(tag, attributes);
        self.say(text);
        self.end(tag);
    }

    /// An element with whatever a function writes into it.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: &[Attribute<'_>],
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.start(tag, attributes);
        write(self)?;
        self.end(tag);
        Ok(())
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        self.element("p", &[], text);
    }

    /// A remark, less loud than a paragraph.
    pub(super) fn note(&mut self, text: &str) {
        self.element("p", &[("class", "note")], text);
    }

    /// A list of texts; nothing where there are none.
    pub(super) fn list<T: std::fmt::Display>(&mut self, items: impl IntoIterator<Item = T>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        self.start("ul", &[]);
        for item in items {
            self.element("li", &[], &item.to_string());
        }
        self.end("ul");
    }

    /// A text, as a link where it is an address of the web: a link loads nothing until somebody follows it.
    pub(super) fn address(&mut self, text: &str) {
        let is_link = ["https://", "http://"].iter().any(|start| text.starts_with(start));
        if is_link && !text.contains(char::is_whitespace) {
            self.element("a", &[("href", text), ("rel", "noopener noreferrer")], text);
        } else {
            self.say(text);
        }
    }

    /// What this crate wrote itself: the style, the script and pictures, which have escaped their own texts.
    pub(super) fn trusted(&mut self, markup: &str) {
        self.text.push_str(markup);
    }
}

/// Text that is text wherever it stands, in an element or in an attribute. Characters that no XML may hold are replaced.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            c if is_control(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_escaped() {
        let mut html = Html::default();
        html.element("p", &[("title", "\"><script>'")], "a < b & \"c\" \u{1}\u{ffff}\u{202e}");
        assert_eq!(
            html.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;&#39;\">a &lt; b &amp; &quot;c&quot; \u{fffd}\u{fffd}\u{fffd}</p>\n"
        );
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let said = |text: &str| {
            let mut html = Html::default();
            html.address(text);
            html.finish()
        };
        assert_eq!(said("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(said("data:text/html,x"), "data:text/html,x");
        assert_eq!(
            said("https://a.b/?c&d"),
            "<a href=\"https://a.b/?c&amp;d\" rel=\"noopener noreferrer\">https://a.b/?c&amp;d</a>"
        );
        assert_eq!(said("see https://a.b"), "see https://a.b");
    }

    #[test]
    fn ids_differ_and_empty_lists_are_left_out() {
        let mut html = Html::new("<!DOCTYPE html>");
        assert_ne!(html.id(), html.id());
        html.list::<&str>([]);
        html.list(["a"]);
        assert_eq!(html.finish(), "<!DOCTYPE html><ul><li>a</li>\n</ul>\n");
    }
}
