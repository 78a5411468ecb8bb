package dev.berth.browser.drive.snapshot;

import java.util.Map;
import java.util.Set;

/** The roles of Chrome's accessibility tree, and their meaning for a snapshot. */
final class Roles {
    /** Roles without a meaning of their own: their nodes are replaced by the nodes' children. */
    private static final Set<String> TRANSPARENT = Set.of(
            "none",
            "generic",
            "GenericContainer",
            "LabelText",
            "Section",
            "LayoutTable",
            "LayoutTableRow",
            "LayoutTableCell",
            "rowgroup",
            "Legend",
            "Figcaption",
            "strong",
            "emphasis",
            "mark",
            "code",
            "superscript",
            "subscript",
            "insertion",
            "deletion",
            "time",
            "Abbr",
            "Pre",
            "Ruby",
            "RubyAnnotation",
            "SvgRoot",
            "graphics-document",
            "graphics-object",
            "graphics-symbol",
            "DescriptionList",
            "term",
            "definition",
            "Details",
            "MenuListPopup",
            "sectionheader",
            "sectionfooter",
            "FooterAsNonLandmark",
            "HeaderAsNonLandmark");

    private static final Set<String> SKIPPED = Set.of("InlineTextBox", "ListMarker", "separator");

    private static final Set<String> CONTROLS = Set.of(
            "button",
            "link",
            "textbox",
            "searchbox",
            "combobox",
            "ComboBoxMenuButton",
            "ComboBoxSelect",
            "checkbox",
            "radio",
            "switch",
            "slider",
            "spinbutton",
            "listbox",
            "option",
            "menuitem",
            "menuitemcheckbox",
            "menuitemradio",
            "tab",
            "treeitem",
            "DisclosureTriangle",
            "DisclosureTriangleGrouped",
            "PopUpButton",
            "ToggleButton",
            "ColorWell",
            "Date",
            "DateTime",
            "InputTime");

    /** ARIA's names of roles that Chrome names otherwise. */
    private static final Map<String, String> ARIA = Map.ofEntries(
            Map.entry("RootWebArea", "document"),
            Map.entry("Iframe", "iframe"),
            Map.entry("Canvas", "canvas"),
            Map.entry("Video", "video"),
            Map.entry("Audio", "audio"),
            Map.entry("Date", "date"),
            Map.entry("DateTime", "date"),
            Map.entry("InputTime", "time"),
            Map.entry("ColorWell", "color"),
            Map.entry("image", "img"),
            Map.entry("DisclosureTriangle", "button"),
            Map.entry("DisclosureTriangleGrouped", "button"),
            Map.entry("ComboBoxSelect", "combobox"),
            Map.entry("ComboBoxMenuButton", "combobox"),
            Map.entry("PopUpButton", "button"),
            Map.entry("ToggleButton", "button"),
            Map.entry("LabelText", "label"),
            Map.entry("none", "generic"),
            Map.entry("GenericContainer", "generic"),
            Map.entry("Section", "generic"),
            Map.entry("SvgRoot", "img"));

    private Roles() {}

    static boolean isTransparent(String role) {
        return TRANSPARENT.contains(role);
    }

    static boolean isSkipped(String role) {
        return SKIPPED.contains(role);
    }

    /** Whether users act on elements with this role. */
    static boolean isControl(String role) {
        return CONTROLS.contains(role);
    }

    /** The role of an element that assistive technology does not get. */
    static String unheard(Place place) {
        return isControl(place.role) ? place.role : place.tag.equals("LABEL") ? "LabelText" : "none";
    }

    /** Whether users type into elements with this role. */
    static boolean isText(String role) {
        return role.equals("textbox") || role.equals("searchbox");
    }

    static String aria(String role) {
        return ARIA.getOrDefault(role, TRANSPARENT.contains(role) ? "generic" : role);
    }
}
