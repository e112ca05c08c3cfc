"""What somebody would write, name a file, or put into one, so that a browser runs it: made by kind, each with a number.

In each stands `ran(NUMBER)`, a function that the browser of a test knows in every frame, or an address of OUTSIDE."""

import io
import itertools
import zipfile

from tests.journeys.pictures import png

OUTSIDE = "http://127.0.0.1:9/p"

# Markup: @ is the call.
ELEMENTS = {
    "script": "<script>@</script>", "script of elsewhere": f"<script src={OUTSIDE}.js></script>",
    "broken picture": "<img src=x onerror=@>", "picture of elsewhere": f'<img src="{OUTSIDE}.png">',
    "svg": "<svg onload=@>", "script in svg": "<svg><script>@</script></svg>",
    "animated svg": "<svg><animate onbegin=@ attributeName=x dur=1s>", "body": "<body onload=@>",
    "frame of text": '<iframe srcdoc="<script>@</script>"></iframe>',
    "frame of script": '<iframe src="javascript:@"></iframe>', "frame of elsewhere": f"<iframe src={OUTSIDE}></iframe>",
    "opened by itself": "<details open ontoggle=@>", "focused by itself": "<input autofocus onfocus=@>",
    "film": "<video><source onerror=@></video>", "sound": "<audio src=x onerror=@>",
    "object of data": '<object data="data:text/html,<script>@</script>"></object>',
    "embedded data": '<embed src="data:text/html,<script>@</script>">', "link": '<a href="javascript:@">x</a>',
    "form": "<form action=javascript:@><button autofocus>x", "refreshed": (
        f'<meta http-equiv=refresh content="0;url={OUTSIDE}">'), "base": f"<base href={OUTSIDE}/>",
    "style of elsewhere": f"<link rel=stylesheet href={OUTSIDE}.css>",
    "style": f'<style>@import "{OUTSIDE}.css";*{{background:url({OUTSIDE})}}</style>',
    "animation": "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=@>", "marquee": (
        "<marquee onstart=@>"), "mutated noscript": '<noscript><p title="</noscript><img src=x onerror=@>">',
    "mutated style": "<svg><style><img src=x onerror=@></style></svg>", "mutated table": (
        '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=@>">'),
    "shadow": "<div><template shadowrootmode=open><script>@</script></template></div>",
    "old tag": "<isindex type=image src=x onerror=@>",
}
# What would end the place in which a page shows a text.
WAYS_OUT = ("", '">', "'>", "</textarea>", "</title>", "-->", "</script>", "]]>", "</option></select>", "</style>")
WORDS = {
    "addresses": ("javascript:@", "JaVaScRiPt:@", "java\tscript:@", " javascript:@", "javascript://x%0a@", "vbscript:@",
                  "data:text/html,<script>@</script>", "data:text/html;base64,PHNjcmlwdD5yYW4oMSk8L3NjcmlwdD4=",
                  "blob:@", "//127.0.0.1:9/p?@", "/\\127.0.0.1:9/p"),
    "attributes": ('" onmouseover=@ x="', "' onfocus=@ autofocus x='", "` onerror=@ `", "x onload=@",
                   '"autofocus/onfocus=@//'),
    "templates": ("{{7*7}}@", "${@}", "#{@}", "<%= @ %>", "{% debug %}@", "{{constructor.constructor('@')()}}",
                  "{{_self.env}}@", "[[${@}]]", "%(x)s@", "{0.__class__}@", "{{'a'|safe}}<img src=x onerror=@>",
                  "{% include 'x' %}@", "{# @ #}"),
    "scripts": ("';@;//", '";@;//', "\\';@;//", "</script><script>@//", "`${@}`", "*/@/*", "\u2028@//", "-@-", "}@{",
                '"}]}</script><img src=x onerror=@>', '\\u003cscript\\u003e@', "//\n@", "<!--\n@\n-->"),
    "styles": (f"}}*{{background:url({OUTSIDE})}}", f"x;background:url({OUTSIDE})", "expression(@)",
               "-moz-binding:url(@)", f'@import"{OUTSIDE}";'),
    "encoded": ("%3Cscript%3E@%3C/script%3E", "&lt;script&gt;@&lt;/script&gt;", "&#60;img src=x onerror=@&#62;",
                "+ADw-script+AD4-@+ADw-/script+AD4-", "\u00bcscript\u00be@\u00bc/script\u00be", "%253Cscript%253E@",
                "\uff1cscript\uff1e@\uff1c/script\uff1e", "<scr\u200bipt>@</script>", "<\u0130mg src=x onerror=@>",
                "<img\x0bsrc=x\x0conerror=@>", "<img/src='x'/onerror=@>", "<<script>@//<</script>"),
    "turned": ("\u202e<script>@</script>", "\u2066<img src=x onerror=@>\u2069", "gnp.\u202e<svg onload=@>",
               "\u200f\u202b<b onclick=@>", "\u061c\u2067@\u2069"),
    "tables": ("=HYPERLINK(\"" + OUTSIDE + "\";\"@\")", "+cmd|' /C @'!A0", "@SUM(1)@", "-2+3+@"),
    "marked text": ("[x](javascript:@)", f"![x]({OUTSIDE})", "<javascript:@>", "[x]: javascript:@"),
}
TEMPLATES = [way + element for element, way in itertools.product(ELEMENTS.values(), WAYS_OUT)] + [
    word for words in WORDS.values() for word in words]
# The @ of a style's own words is no call.
TEXTS = [text.replace("@keyframes", "\0").replace("@import", "\1").replace("@SUM", "\2").replace("@", f"ran({number})")
         .replace("\0", "@keyframes").replace("\1", "@import").replace("\2", "@SUM")
         for number, text in enumerate(TEMPLATES)]

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
CONTENTS = {
    "html": "<!doctype html><title>x</title><body onload=@><script>@</script>",
    "xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><script>@</script></html>',
    "a page of frames": '<iframe srcdoc="<script>@</script>"></iframe><object data="javascript:@"></object>',
    "a page that leaves": f"<meta http-equiv=refresh content='0;url={OUTSIDE}'><base href={OUTSIDE}>"
                          f"<img src={OUTSIDE}>",
    "svg": SVG + "onload='@'><script>@</script></svg>",
    "svg with a page": SVG + "><foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='@'/></foreignObject>"
                       "</svg>",
    "svg that fetches": SVG + f"><image xlink:href='{OUTSIDE}'/><use xlink:href='{OUTSIDE}#x'/>"
                        f"<script href='{OUTSIDE}'/></svg>",
    "xml": '<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">@</x:script>',
    "xslt": f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{OUTSIDE}.xsl"?><x/>',
    "entities": f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{OUTSIDE}.dtd">%e;]><x/>',
    "pdf": "%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(@)>>/AA<</O<</S/URI/URI(" + OUTSIDE
           + ")>>>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "pdf that is a page": "%PDF-1.7\n<script>@</script>\n%%EOF",
    "gif that is a script": "GIF89a=1;@;//<script>@</script>", "bitmap that is a script": "BM=1;@;//",
    "script": "@;//", "json": '{"x":"</script><script>@</script>"}',
    "style": f'@import "{OUTSIDE}";*{{background:url({OUTSIDE})}}',
    "saved page": "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
                  "<script>@</script>\n--b--\n",
    "mail": "Subject: <script>@</script>\nContent-Type: text/html\n\n<script>@</script>\n",
    "another charset": "+ADw-script+AD4-@+ADw-/script+AD4-", "old program": "<hta:application><script>@</script>",
    "shortcut": f"[InternetShortcut]\nURL=javascript:@\nIconFile={OUTSIDE}", "text": "<script>@</script>\n",
}
ENDINGS = ("png", "html", "svg", "pdf", "txt", "xml")


def files(count: int) -> list[tuple[str, bytes]]:
    """`count` files with the next numbers, each under one of its wrong or right endings, and true pictures and an
    archive that hold a page besides: ending and bytes."""
    numbers, made = itertools.count(len(TEXTS)), list[tuple[str, bytes]]()
    for (kind, text), ending in itertools.product(CONTENTS.items(), ENDINGS):
        call = f"ran({next(numbers)})"
        text = text.replace("@import", "\0").replace("@", call).replace("\0", "@import")
        made.append((ending, f"{text}<!-- {kind} {ending} -->".encode()))
    # One ending of each kind first, so that a short list has every kind.
    made = [made[place] for start in range(len(ENDINGS)) for place in range(start, len(made), len(ENDINGS))]
    for place in range(6):
        page = f"<script>ran({next(numbers)})</script>".encode()
        made.insert(place, ("png", png(60 + place, 40, str(place)) + page))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as within:
        within.writestr("index.html", f"<script>ran({next(numbers)})</script>")
    return [("wacz", archive.getvalue()), *made][:count]
