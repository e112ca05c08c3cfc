"""Our own few drawings, inlined: 16 px, one stroke, the colour of the text around them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Each value is the inside of a 16 × 16 SVG. They stand beside a word, so they are hidden from screen readers.
DRAWINGS = {
    "account": '<circle cx="8" cy="8" r="6.2"/><circle cx="8" cy="8" r="2.4"/>'
               '<path d="M10.4 6v3c0 1.6 2.4 1.6 3.4.2"/>',
    "add": '<path d="M8 3v10M3 8h10"/>',
    "campaign": '<path d="M2.5 6.5v3h2.5l5.5 3.5v-10L5 6.5zM13 6v4"/>',
    "case": '<path d="M2 5.5h12v8H2zM5.5 5.5v-2h5v2M2 9h12"/>',
    "channel": '<path d="M2 3h12v8H7l-3 2.5V11H2zM5 6h6M5 8.3h4"/>',
    "check": '<path d="m3 8.5 3.2 3.2L13 4.8"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "copy": '<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"/>',
    "custody": '<rect x="1.8" y="5.6" width="6" height="4.8" rx="2.4"/>'
               '<rect x="8.2" y="5.6" width="6" height="4.8" rx="2.4"/>'
               '<path d="M6 8h4"/>',
    "download": '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/>',
    "evidence": '<path d="M2 3h12v10H2zM2 11l3.5-4 3 3 2-2L14 11"/><circle cx="10.7" cy="5.9" r=".9"/>',
    "finding": '<path d="M3 2.5h10v11H3zM5.5 6h5M5.5 8.5h5M5.5 11h3"/>',
    "hide": '<path d="M2 8c3-5 9-5 12 0-3 5-9 5-12 0M3 13 13 3"/>',
    "home": '<path d="m2 8 6-5.5L14 8M4 6.5v7h8v-7"/>',
    "key": '<circle cx="5" cy="11" r="3"/><path d="M7.2 8.8 13.5 2.5M11 5l2.5 2.5"/>',
    "mark": '<path d="M2 4.5 8 1.5l6 3v7l-6 3-6-3zM5 8l2.2 2.2L11 6.3"/>',
    "menu": '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
    "network": '<path d="M5.2 6.2 6.9 9.6M10.6 5.9 8.9 9.7M6 4.5h4"/><circle cx="4" cy="4.5" r="2"/>'
               '<circle cx="12" cy="4.5" r="2"/><circle cx="8" cy="11.5" r="2"/>',
    "out": '<path d="M9.5 2.5h-7v11h7M6.5 8h7.5M11.5 5.5 14 8l-2.5 2.5"/>',
    "overview": '<path d="M2.5 2.5h4.5v5H2.5zM9 2.5h4.5V6H9zM9 8h4.5v5.5H9zM2.5 9.5H7v4H2.5z"/>',
    "people": '<circle cx="6" cy="5.5" r="2.5"/>'
              '<path d="M1.5 13.5c0-5 9-5 9 0M10.5 3.3a2.5 2.5 0 0 1 0 4.5M12 9.8c1.5.6 2.5 1.8 2.5 3.7"/>',
    "person": '<circle cx="8" cy="5.3" r="2.8"/><path d="M2.8 14c0-6 10.4-6 10.4 0"/>',
    "post": '<path d="M2.5 2.5h11v11h-11zM5 5.5h6M5 8h6M5 10.5h3.5"/>',
    "report": '<path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M6 9.5l1.5 1.5L10.5 8"/>',
    "settings": '<path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6"/>'
                '<circle cx="10" cy="4.5" r="2"/><circle cx="6" cy="11.5" r="2"/>',
    "takedown": '<path d="M2 7.5 14 2.5l-4 11.5-2.5-5zM7.5 9 14 2.5"/>',
    "task": '<path d="M2.5 2.5h11v11h-11zM5 8.2l2 2 4-4.4"/>',
    "timeline": '<path d="M2 13.5h12M3 4.5h5M6 8h7M3 11h3M10.5 2v9"/>',
    "upload": '<path d="M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 10v3.5h11V10"/>',
    "warn": '<path d="M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.7v.3"/>',
}

# Drawings with a direction: in a page from right to left they turn around.
TURNING = {"out", "takedown"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing `name`; a name that is not drawn fails loudly where it is used."""
    return format_html('<svg class="icon{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" '
                       'focusable="false">{}</svg>', " turns" if name in TURNING else "",
                       mark_safe(DRAWINGS[name]))  # noqa: S308 - constants of this file


@register.simple_tag
def qr(svg: str) -> SafeString:
    """A QR code that the server drew, put inline without its XML declaration: no data: address, no hole in the CSP."""
    return mark_safe(svg[svg.index("<svg"):])  # noqa: S308 - made of numbers by the QR library
