// Functions of programs, each of which a program has where it calls it.
//-- answer
    static boolean accept;
    static String answer;
    static boolean asked;

    /** How dialogs are answered from now on. */
    static void answer(boolean accepting, String text) {
        accept = accepting;
        answer = text;
        if (!asked) {
            context.onDialog(dialog -> {
                if (!accept && !dialog.type().equals("beforeunload")) {
                    dialog.dismiss();
                } else if (answer == null) {
                    dialog.accept();
                } else {
                    dialog.accept(answer);
                }
            });
        }
        asked = true;
    }
//-- download
    /** Does what begins a download, and waits for its end. Berth keeps the file as an artifact of its session. */
    static void download(Page page, Runnable act) {
        Download file = page.waitForDownload(() -> {
            try {
                act.run();
            } catch (PlaywrightException e) {
                if (!e.getMessage().toLowerCase().contains("download is starting")) {
                    throw e;
                }
            }
        });
        if (BERTH != null) {
            file.failure();
        } else {
            file.saveAs(Paths.get(file.suggestedFilename()));
        }
    }
//-- drag
    /** Drags an element to the middle of another one, or of itself, and so far from there. */
    static void drag(Page page, Locator from, Locator to, double x, double y) {
        from.hover();
        page.mouse().down();
        BoundingBox box = (to == null ? from : to).boundingBox();
        page.mouse()
                .move(
                        box.x + box.width / 2 + x,
                        box.y + box.height / 2 + y,
                        new Mouse.MoveOptions().setSteps(20));
        page.mouse().up();
    }
//-- another
    /** The page that the site opened by itself. */
    static Page another(Page... known) {
        List<Page> old = Arrays.asList(known);
        context.waitForCondition(() -> !old.containsAll(context.pages()));
        return context.pages().stream().filter(page -> !old.contains(page)).findFirst().get();
    }
//-- given
    /** A value of this program, which the environment may replace. */
    static String given(String name, String value) {
        String given = System.getenv().getOrDefault(name, value);
        if (given == null) {
            throw new IllegalStateException("set " + name + ": the log does not have this value");
        }
        return given;
    }
