"""The book as a reader meets it in Chromium. Each notebook is opened, run, its controls moved, saved, and opened again.

Each front end is loaded once, and each chapter is run in it once; all tests of the chapter share that run. JupyterLab
serves every notebook, Jupyter Notebook 7 two of them unless slow tests are asked for. The server forbids inline scripts
(front_end.POLICY).
"""

import re
from types import SimpleNamespace

import books
import nbformat
import pytest
from front_end import (
    CHROMIUM,
    choose,
    chromium,
    close_in_lab,
    complaints,
    end_kernels,
    idle,
    jupyter,
    model_in_lab,
    new_page,
    open_in_lab,
    open_lab,
    open_notebook,
    run_all,
    text,
    wait_for,
)

DEBRIS = ("model not found", "Explorer(", "Loading widget", "Error displaying widget", "Failed to load")
LAB, NOTEBOOK_7 = "lab/tree/notebooks", "notebooks/notebooks"
WITH_PICTURES = [path for path in books.ALL if books.pictures(books.read(path))]
WITHOUT_PICTURES = [path for path in books.ALL if path not in WITH_PICTURES]
QUICK = ("03", "08")  # the chapters that Notebook 7 serves in the default run

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A Jupyter server on a copy of the notebooks, in a folder with a space in its name."""
    home = tmp_path_factory.mktemp("a reader's home")
    with jupyter(home) as address:
        yield SimpleNamespace(address=address, notebooks=home / "notebooks")


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def pages(browser, server):
    """{place: the page of a front end}. Loading JupyterLab takes longer than anything that is done in it."""
    pages = {place: new_page(browser) for place in (LAB, NOTEBOOK_7)}
    open_lab(pages[LAB], server.address)
    return pages


def opened(page, server, place, path):
    """Open a notebook, with a kernel of its own and in place of the notebook before."""
    if place == LAB:
        close_in_lab(page)
        end_kernels(page, server.address)
        page.errors.clear()
        open_in_lab(page, "notebooks", books.name(path))
    else:
        end_kernels(page, server.address)
        page.errors.clear()
        open_notebook(page, f"{server.address}/{place}", books.name(path))
    return page


def runs():
    for path in WITH_PICTURES:
        yield pytest.param((LAB, path), id=f"lab-{path.stem}")
    for path in WITH_PICTURES:
        marks = [] if path.name.startswith(QUICK) else [pytest.mark.slow]
        yield pytest.param((NOTEBOOK_7, path), id=f"notebook-{path.stem}", marks=marks)


@pytest.fixture(scope="module", params=runs())
def chapter(request, pages, server):
    """A chapter that was opened and run: its page, its explorers, and what was seen of it as it is stored.

    It is opened up to three times, because on a busy machine a widget may take longer to start than the two seconds
    that anywidget allows. What is wrong with the book is wrong each time.
    """
    place, path = request.param
    for _ in range(3):
        page = opened(pages[place], server, place, path)
        stored = as_stored(page, place, path, server)
        run_all(page)
        boxes = explorers(page, path)
        if not is_late(page):
            break
    yield SimpleNamespace(
        page=page, path=path, place=place, stored=stored, boxes=boxes.all(), file=server.notebooks / books.name(path)
    )
    page.set_viewport_size({"width": 1200, "height": 900})


def as_stored(page, place, path, server):
    """What is seen of a notebook before it is run."""
    idle(page)
    formulas, counts = page.locator("mjx-container"), []

    def all_set():  # MathJax comes a little later than the cells, and has the page to itself while it works
        counts.append(formulas.count())
        return counts[-1] and counts[-10:] == counts[-1:] * 10

    wait_for(all_set, lambda: "no formula is set")
    return SimpleNamespace(
        pictures=loaded(page, path),
        text=text(page),
        formulas=formulas.count(),
        broken=page.locator("mjx-merror").count(),
        model=model_in_lab(page) if place == LAB else None,
        written=(server.notebooks / books.name(path)).stat().st_mtime_ns,
    )


def explorers(page, path):
    """The explorers of a notebook that was run, once all their pictures are there or one of them is late."""
    count = sum("explore(" in cell.source or "break_it(" in cell.source for cell in books.code_cells(books.read(path)))
    boxes = page.locator(EXPLORER)
    wait_for(
        lambda: is_late(page) or (boxes.count() == count and boxes.evaluate_all(READY)),
        lambda: f"{boxes.count()} of {count} explorers in {path}",
    )
    return boxes


def is_late(page):
    """Whether a widget has not started within anywidget's two seconds."""
    return any("[anywidget] Failed to initialize model" in error for error in page.errors)


EXPLORER = ".jp-OutputArea-output > img + .nnmath"  # in place of the picture that the file keeps
READY = "boxes => boxes.every(box => box.querySelector('.nnmath-picture')?.naturalWidth)"
SEEN = """box => {
    const image = box.querySelector('.nnmath-picture');
    const caption = box.querySelector('[role=status]');
    return [image.complete && image.naturalWidth ? image.src : '', image.alt, caption.textContent];
}"""


def loaded(page, path):
    """How many pictures the page shows before anything is run; waits for those that are stored."""
    images, stored = page.locator(".jp-OutputArea-output img"), len(books.pictures(books.read(path)))
    complete = "images => images.filter(image => image.complete && image.naturalWidth > 100).length"
    wait_for(
        lambda: images.evaluate_all(complete) >= stored, lambda: f"{images.evaluate_all(complete)} pictures of {stored}"
    )
    return images.evaluate_all(complete)


def is_changed(page):
    """Whether JupyterLab marks the notebook as changed since it was saved. Notebook 7 has no such mark."""
    return page.locator(".jp-mod-dirty").count() > 0


def saved(file, before):
    """The notebook in a file, once it is written anew and whole; otherwise None."""
    try:
        return nbformat.read(file, as_version=4) if file.stat().st_mtime_ns > before else None
    except ValueError:  # it is being written
        return None


def moved(box, act):
    """Act, and wait for a new picture with new words. Returns the words."""
    before = box.evaluate(SEEN)
    act()

    def is_new():
        now = box.evaluate(SEEN)
        return now[0] not in ("", before[0]) and now[1] != before[1] and now[1] == now[2]

    wait_for(is_new, lambda: f"no new picture after {before[1]!r}: {box.evaluate(SEEN)[1:]}")
    return box.evaluate(SEEN)[1]


def press(page, control, key):
    control.focus()
    page.keyboard.press(key)


def drag_to_the_far_end(page, slider):
    """Drag the thumb of a slider to the end that is farther from it."""
    slider.scroll_into_view_if_needed()
    place = slider.bounding_box()
    share = slider.evaluate("slider => (slider.value - slider.min) / (slider.max - slider.min)")
    y, thumb = place["y"] + place["height"] / 2, 16
    at = lambda share: place["x"] + thumb / 2 + share * (place["width"] - thumb)
    page.mouse.move(at(share), y)
    page.mouse.down()
    page.mouse.move(at(0 if share > 0.5 else 1), y)
    page.mouse.up()


# As stored


def test_opened_and_not_run_it_shows_its_pictures_and_formulas(chapter):
    stored = chapter.stored
    assert stored.pictures == len(books.pictures(books.read(chapter.path)))
    assert stored.formulas and not stored.broken
    assert not [word for word in DEBRIS if word in stored.text]


def test_opening_it_does_not_change_it_and_running_it_does(chapter):
    """Not a cell changes. (JupyterLab adds to the metadata of the notebook what it knows of the kernel's language.)"""
    if chapter.place == LAB:
        for cell in chapter.stored.model.cells:
            cell.metadata.pop("trusted", None)
        assert chapter.stored.model.cells == books.read(chapter.path).cells
        saved_by_itself = chapter.file.stat().st_mtime_ns > chapter.stored.written  # after two minutes JupyterLab saves
        assert is_changed(chapter.page) or saved_by_itself


@pytest.mark.parametrize("path", WITHOUT_PICTURES, ids=books.name)
def test_a_notebook_without_pictures_opens(pages, server, path):
    page = opened(pages[LAB], server, LAB, path)
    page.locator(".jp-RenderedMarkdown").first.wait_for()
    assert not page.locator("mjx-merror").count()
    assert not complaints(page)


# Run


def test_the_table_of_all_equations_is_seen_whole(pages, server):
    path = books.NOTEBOOKS / "equations.ipynb"
    page = opened(pages[LAB], server, LAB, path)
    as_stored(page, LAB, path, server)
    page.set_viewport_size({"width": 1100, "height": 900})
    page.evaluate("jupyterapp.shell.collapseLeft()")
    end = "element => element.getBoundingClientRect().right"
    page_text, table = page.locator(".jp-RenderedMarkdown").first, page.locator(".jp-RenderedMarkdown table").first
    room = page_text.evaluate(end) - table.evaluate(end)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.evaluate("jupyterapp.shell.expandLeft()")
    assert room >= 0, f"the table is cut off by {-room} pixels"


def test_it_runs_without_a_word_of_trouble(chapter):
    page = chapter.page
    assert not page.locator("[data-mime-type*=stderr], [data-mime-type*=error]").count()
    assert not [word for word in DEBRIS if word in text(page)]
    assert not complaints(page)


def test_every_control_moves_its_picture_by_key_and_by_mouse(chapter):
    page = chapter.page
    for box in chapter.boxes:
        start = box.evaluate(SEEN)
        for slider in box.locator("input[type=range]").all():
            low = slider.evaluate("slider => slider.value === slider.min")
            moved(box, lambda: press(page, slider, "ArrowRight" if low else "ArrowLeft"))
            moved(box, lambda: drag_to_the_far_end(page, slider))
        for choice in box.locator("select").all():
            first = choice.evaluate("list => list.selectedIndex === 0")
            moved(box, lambda: press(page, choice, "ArrowDown" if first else "ArrowUp"))
            moved(box, lambda: press(page, box.get_by_role("button", name="Next").first, "Enter"))
            moved(
                box,
                lambda: choice.select_option(
                    index=choice.evaluate("list => (list.selectedIndex + 1) % list.options.length")
                ),
            )
        press(page, box.get_by_role("button", name="Reset"), "Enter")
        wait_for(lambda: box.evaluate(SEEN) == start, lambda: f"not reset to {start[1]}: {box.evaluate(SEEN)[1]}")
    assert not complaints(page)


def test_play_goes_on_by_itself_and_reset_ends_it(chapter):
    page = chapter.page
    for box in [box for box in chapter.boxes if box.locator(".nnmath-play").count()]:
        start, play = box.evaluate(SEEN), box.locator(".nnmath-play")
        slider = box.locator("input[type=range]:has(+ .nnmath-rest .nnmath-play)")
        slider.evaluate("slider => { slider.value = slider.min; slider.dispatchEvent(new Event('input')); }")
        wait_for(lambda: box.evaluate(SEEN)[1] == box.evaluate(SEEN)[2])
        press(page, play, "Enter")
        assert play.inner_text() == "❚❚ Pause"
        wait_for(lambda: slider.evaluate("slider => slider.valueAsNumber") >= 2)
        press(page, box.get_by_role("button", name="Reset"), "Enter")
        wait_for(lambda: box.evaluate(SEEN) == start)
        page.wait_for_timeout(900)  # two turns of Play
        assert box.evaluate(SEEN) == start and play.inner_text() == "▶ Play"


def test_what_was_seen_once_is_there_at_once(chapter):
    """A state that the page knows comes without the kernel: within the same turn of the page's event loop."""
    slider = chapter.boxes[0].locator("input[type=range], select").first
    box, start = chapter.boxes[0], chapter.boxes[0].evaluate(SEEN)
    key, back = (
        ("ArrowDown", "ArrowUp") if slider.evaluate("s => s.nodeName === 'SELECT'") else ("ArrowRight", "ArrowLeft")
    )
    if slider.evaluate("s => s.value === s.max"):
        key, back = back, key
    moved(box, lambda: press(chapter.page, slider, key))
    press(chapter.page, slider, back)
    wait_for(lambda: box.evaluate(SEEN) == start)
    assert slider.evaluate("""async slider => {
        const image = slider.closest('.nnmath').querySelector('.nnmath-picture'), before = image.src;
        if (slider.nodeName === 'SELECT') slider.selectedIndex += 1;
        else slider.value = slider.value === slider.max ? slider.max - 1 : slider.valueAsNumber + 1;
        slider.dispatchEvent(new Event(slider.nodeName === 'SELECT' ? 'change' : 'input'));
        await new Promise(done => setTimeout(done));
        return image.src !== before;
    }""")
    press(chapter.page, box.get_by_role("button", name="Reset"), "Enter")
    wait_for(lambda: box.evaluate(SEEN) == start)


def test_values_that_come_too_fast_are_left_out_but_never_the_last(chapter):
    """Each slider of the first picture through its whole range, there and back, faster than any frame can be drawn."""
    box = chapter.boxes[0]
    for slider in box.locator("input[type=range]").all():
        requests, last = slider.evaluate("""async slider => {
            const box = slider.closest('.nnmath'), image = box.querySelector('.nnmath-picture');
            let frames = 0;
            const watch = new MutationObserver(() => frames++);
            watch.observe(image, {attributeFilter: ['src']});
            const end = slider.valueAsNumber === slider.max * 1 ? slider.min : slider.max;
            for (let turn = 0; turn < 20; turn++)
                for (const value of [slider.min, slider.max, end]) {
                    slider.value = value;
                    slider.dispatchEvent(new Event('input'));
                }
            const readout = slider.getAttribute('aria-valuetext');
            await new Promise(done => {
                const look = () => frames ? done() : setTimeout(look, 20);
                look();
            });
            await new Promise(done => setTimeout(done, 300));
            watch.disconnect();
            return [frames, readout];
        }""")
        assert 1 <= requests <= 3
        quick = box.evaluate(SEEN)
        press(chapter.page, slider, "End" if slider.evaluate("slider => slider.value === slider.max") else "Home")
        assert slider.get_attribute("aria-valuetext") == last and box.evaluate(SEEN) == quick
    press(chapter.page, box.get_by_role("button", name="Reset"), "Enter")


def test_a_screen_reader_finds_a_name_for_everything(chapter):
    cdp = chapter.page.context.new_cdp_session(chapter.page)
    for box in chapter.boxes:
        named = accessible(cdp, box)
        for role in ("slider", "combobox", "button", "image"):
            assert all(re.search(r"\w", name) for found, name in named if found == role), named
        labels = box.locator("label").all_inner_texts()
        assert labels == [name for role, name in named if role in ("slider", "combobox")]
        _, alt, caption = box.evaluate(SEEN)
        assert ("image", " ".join(alt.split())) in named and alt == caption
        assert [role for role, _ in named].count("status") == 1
        for slider in box.locator("input[type=range]").all():
            assert (
                slider.get_attribute("aria-valuetext")
                == slider.locator("xpath=following-sibling::span[1]/span").inner_text()
            )


def accessible(cdp, box):
    """(role, name) of everything in a box, by Chromium's accessibility tree."""
    box.evaluate("box => window.box = box")
    found = cdp.send("Runtime.evaluate", {"expression": "window.box"})["result"]["objectId"]
    node = cdp.send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
    nodes = cdp.send("Accessibility.queryAXTree", {"backendNodeId": node})["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]


@pytest.mark.parametrize("width, height", [(390, 844), (640, 360)], ids=["a phone", "a projector at 200 %"])
def test_slider_and_picture_are_on_one_screen_and_words_stay_whole(chapter, width, height):
    page = chapter.page
    if chapter.place == LAB:
        page.evaluate("jupyterapp.shell.collapseLeft()")  # the list of files takes a share that differs from run to run
    page.set_viewport_size({"width": width, "height": height})
    for box in chapter.boxes:
        tall = """box => {
            const [image, whole] = [box.querySelector('.nnmath-picture'), box].map(one => one.getBoundingClientRect());
            return image.bottom - whole.top;
        }"""
        wait_for(lambda: box.evaluate(tall) <= height, lambda: f"{box.evaluate(tall)} pixels high", seconds=5)
        assert box.evaluate("box => box.querySelector('.nnmath-picture').getBoundingClientRect().height") >= 120
        for label in box.locator("label").all():
            lines = label.evaluate("""label => {
                const words = document.createRange();
                words.selectNodeContents(label);
                return words.getClientRects().length;
            }""")
            assert lines <= len(label.inner_text().split()), "a label is broken within a word"
    page.set_viewport_size({"width": 1200, "height": 900})


# Last, because they change the page: the order of the tests in this file is the order in which they use it.


def test_shift_enter_runs_the_cell_though_a_slider_has_the_focus(chapter):
    """Keys without modifiers belong to the slider, Shift+Enter to the cell. The run replaces the cell's explorer."""
    page = chapter.page
    cells = page.locator(".jp-CodeCell")
    cell = cells.nth(cells.evaluate_all("cells => cells.findIndex(cell => cell.querySelector('.nnmath'))"))
    box, count = cell.locator(EXPLORER), page.locator(".jp-Cell").count()
    box.evaluate("box => box.dataset.of = 'the run before'")
    cell.locator("input[type=range], select").first.focus()
    for key in "xdmb":  # JupyterLab would cut the cell, delete it, make it Markdown, add one below
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == count
    page.keyboard.press("Shift+Enter")
    wait_for(lambda: box.count() == 1 and box.get_attribute("data-of") is None)
    wait_for(lambda: box.locator(".nnmath-picture").evaluate("image => image.naturalWidth"))
    slider = box.locator("input[type=range], select").first
    moved(
        box,
        lambda: slider.evaluate("""slider => {
        if (slider.nodeName === 'SELECT') slider.selectedIndex = slider.selectedIndex ? 0 : 1;
        else slider.value = slider.value === slider.min ? slider.max : slider.min;
        slider.dispatchEvent(new Event(slider.nodeName === 'SELECT' ? 'change' : 'input'));
    }"""),
    )


def test_a_saved_copy_keeps_its_pictures(chapter, server):
    """Saved, closed and opened again, its sliders are there once; with its kernel shut down, its pictures are."""
    page, pictures = chapter.page, len(books.pictures(books.read(chapter.path)))
    before = chapter.file.stat().st_mtime_ns
    choose(page, "File", "Save Notebook")
    notebook = wait_for(lambda: saved(chapter.file, before))
    assert len(books.pictures(notebook)) == pictures
    assert not [
        output for _, output in books.bundles(notebook) if "application/vnd.jupyter.widget-view+json" in output.data
    ]
    if chapter.place == LAB and chapter.path != WITH_PICTURES[0]:
        close_in_lab(page)
        open_in_lab(page, "notebooks", books.name(chapter.path))
    else:
        page.reload()
    boxes = page.locator(EXPLORER)
    wait_for(
        lambda: boxes.count() == len(chapter.boxes) and boxes.evaluate_all(READY)
    )  # the kernel lives, and so do its sliders
    assert page.locator(".nnmath").count() == len(chapter.boxes)  # those of the closed notebook are gone
    opened(page, server, chapter.place, chapter.path)
    idle(page)
    assert loaded(page, chapter.path) == pictures
    assert not page.locator(".nnmath").count()
    assert not [word for word in DEBRIS if word in text(page)]
