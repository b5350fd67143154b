// The controls of a picture: native sliders, lists and buttons, the image, and its alternative text.
//
// `mount` is the same in a notebook and on the published site. It is told where frames come from: `frames(state)` promises
// the frame of a state, a list with a position for each control. A frame is {src, alt} in a notebook, where the default export, which
// anywidget calls, gets it from the kernel. On the site it is {paint, alt}, and paint(canvas) draws it.

const PAUSE = 400;     // milliseconds between two frames of Play
const PATIENCE = 1000; // milliseconds without an answer until the picture is shown as waiting
const KEPT = 500;      // frames that the page remembers

const sleep = ms => new Promise(done => setTimeout(done, ms));

/** An element with attributes and children: make('button', {type: 'button'}, 'Reset') */
function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
}

/** Where frames are shown: an image, or a canvas where they are painted. */
function surface(first) {
    if (!first.paint) {
        const element = make('img', {class: 'nnmath-picture', alt: first.alt});
        return {element, show: frame => Object.assign(element, frame)};
    }
    const element = make('canvas', {class: 'nnmath-picture', role: 'img', 'aria-label': first.alt});
    const show = frame => {
        frame.paint(element);
        element.setAttribute('aria-label', frame.alt);
    };
    show(first);
    return {element, show};
}

/** frames(state), remembering what it has answered: a state that was seen once is there at once. */
export function remembering(frames, known = []) {
    const kept = new Map(known.map(([state, frame]) => [state.join(), frame]));
    return async state => {
        const frame = kept.get(state.join()) ?? await frames(state);
        kept.delete(state.join());
        kept.set(state.join(), frame);    // the one used last is the last to be forgotten
        if (kept.size > KEPT) kept.delete(kept.keys().next().value);
        return frame;
    };
}

/** Build the controls of `spec` and its picture in `root`, starting at `state`, which is kept up to date. Returns a function that ends it. */
export function mount(root, spec, frames, state = [...spec.start]) {
    const ended = new AbortController();
    const image = surface(spec.first);
    const sheet = make('div', {class: 'nnmath-sheet', role: 'group', 'aria-label': 'Picture'}, image.element);
    const caption = make('p', {class: 'nnmath-caption', role: 'status'});
    const rows = spec.controls.map(row);
    const reset = make('button', {type: 'button', title: 'Put every control back to where it began'}, 'Reset');
    const panel = make('div', {class: 'nnmath-controls'}, ...rows.flatMap(one => one.elements));
    let shown = null, following = null, playing = null;

    root.classList.add('nnmath');
    root.style.setProperty('--nnmath-width', `${spec.width}px`);
    root.style.setProperty('--nnmath-ratio', spec.width / spec.height);
    if (window.parent === window) root.classList.add('nnmath-fits');    // in a frame, 100vh is not the height of the screen
    caption.classList.toggle('nnmath-told', !spec.caption);
    reset.addEventListener('click', () => { playing = null; move(spec.start); });
    rows.at(-1)?.elements.at(-1).append(reset);
    root.replaceChildren(panel, sheet, caption);
    // Where the picture is wider than a phone, the arrow keys scroll it.
    const fit = new ResizeObserver(() => { sheet.tabIndex = sheet.scrollWidth > sheet.clientWidth ? 0 : -1; });
    fit.observe(sheet);
    ended.signal.addEventListener('abort', () => fit.disconnect());
    // A key without modifiers belongs to the control that has the focus. JupyterLab and Notebook 7 would take arrow keys and letters
    // for their cells (jupyter/notebook issue 7716). Shift+Enter and the like stay theirs.
    window.addEventListener('keydown', event => {
        const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
        if (panel.contains(event.target) && plain && !['Tab', 'Escape'].includes(event.key)) event.stopImmediatePropagation();
    }, {capture: true, signal: ended.signal});
    move(state);

    /** The label of a control, its input, and a last cell for its value and buttons. */
    function row(control, n) {
        const id = `nnmath-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
        const last = control.texts.length - 1;
        const label = make('label', {for: id}, control.label);
        const rest = make('span', {class: 'nnmath-rest'});
        const set = position => move(state.map((old, m) => m === n ? position : old));
        const choose = position => { playing = null; set(position); };
        if (control.kind === 'choice') {
            const list = make('select', {id}, ...control.texts.map(text => make('option', {}, text)));
            const next = make('button', {type: 'button', 'aria-label': `Next ${control.label}`}, 'Next');
            list.addEventListener('change', () => choose(list.selectedIndex));
            next.addEventListener('click', () => choose((state[n] + 1) % control.texts.length));
            rest.append(next);
            return {elements: [label, list, rest], update: () => { list.selectedIndex = state[n]; }};
        }
        const slider = make('input', {id, type: 'range', min: 0, max: last, step: 1});
        const value = make('span', {class: 'nnmath-value', 'aria-hidden': true});    // a screen reader has it from the slider
        value.style.minWidth = `${Math.max(...control.texts.map(text => text.length))}ch`;
        slider.addEventListener('input', () => choose(slider.valueAsNumber));
        rest.append(value);
        const button = control.play ? make('button', {type: 'button', class: 'nnmath-play'}) : null;
        const update = () => {
            slider.value = state[n];
            slider.setAttribute('aria-valuetext', control.texts[state[n]]);
            value.textContent = control.texts[state[n]];
            button?.replaceChildren(playing ? '❚❚ Pause' : '▶ Play');
        };
        if (button) {
            button.addEventListener('click', () => play(n, last, set));
            rest.append(button);
        }
        return {elements: [label, slider, rest], update};
    }

    /** From one value to the next, each once its picture is there; from the start again where the end is reached. */
    async function play(n, last, set) {
        if (playing) return stop();
        const mine = playing = {};
        if (state[n] === last) await set(0);
        while (playing === mine && state[n] < last && root.isConnected) {
            await Promise.all([set(state[n] + 1), sleep(PAUSE)]);
        }
        if (playing === mine) stop();
    }

    function stop() {
        playing = null;
        for (const one of rows) one.update();
    }

    /** Go to a state. The controls follow at once, the picture as soon as it has come. */
    function move(wanted) {
        state.splice(0, state.length, ...wanted);
        for (const one of rows) one.update();
        return following ??= follow();
    }

    /** Show the newest state until nothing newer is wanted: states that come faster than frames are left out, the last one never. */
    async function follow() {
        const late = setTimeout(() => root.classList.add('nnmath-waiting'), PATIENCE);
        await null;    // `following` is set before this function ends, even where nothing is to be done
        try {
            while (shown !== state.join() && !ended.signal.aborted) {
                const wanted = state.join();
                const frame = await frames([...state]);
                image.show(frame);
                caption.textContent = frame.alt;
                shown = wanted;
            }
        } catch (error) {
            caption.classList.remove('nnmath-told');
            caption.textContent = error.message;
        } finally {
            clearTimeout(late);
            root.classList.remove('nnmath-waiting');
            following = null;
        }
    }

    return () => {
        stop();
        ended.abort();
    };
}

/** frames(state) that asks the kernel. */
function fromKernel(model) {
    const waiting = new Map();
    model.on('msg:custom', message => {
        const {resolve, reject} = waiting.get(message.state.join()) ?? {};
        waiting.delete(message.state.join());
        if (message.error) reject?.(new Error(message.error));
        else resolve?.(message);
    });
    return state => {
        const known = waiting.get(state.join());
        if (known) return known.promise;
        const one = {};
        one.promise = new Promise((resolve, reject) => Object.assign(one, {resolve, reject}));
        waiting.set(state.join(), one);
        model.send({show: state});
        return one.promise;
    };
}

/** Put the controls in place of every image in the page whose source ends with `tail`, now and later, until `isOver()`. Returns a function that ends it. */
function replaceImages(tail, mountIn, isOver) {
    const replaced = new Map();    // image → {root, end}
    const look = () => {
        if (isOver()) return endAll();
        for (const [image, {root, end}] of replaced) {
            if (image.isConnected) continue;
            replaced.delete(image);
            restore(image, root, end);
        }
        for (const image of document.querySelectorAll('.jp-OutputArea-output img')) {
            if (replaced.has(image) || !image.src.endsWith(tail)) continue;
            const one = {root: make('div'), end: () => {}};
            replaced.set(image, one);    // before the page changes, so that the change is not looked at twice
            image.after(one.root);
            image.style.display = 'none';
            one.end = mountIn(one.root);
        }
    };
    const restore = (image, root, end) => {
        end();
        root.remove();
        image.style.display = '';
    };
    const holdsImage = node => node.nodeName === 'IMG' || node.querySelector?.('img');
    const observer = new MutationObserver(records => {
        if (records.some(({addedNodes, removedNodes}) => [...addedNodes, ...removedNodes].some(holdsImage))) look();
    });
    const endAll = () => {
        observer.disconnect();
        for (const [image, {root, end}] of replaced) restore(image, root, end);
    };
    observer.observe(document.body, {childList: true, subtree: true});
    look();
    return endAll;
}

export default () => {
    let mountIn;
    return {
        // A saved notebook must keep the picture and not the widget, which no other kernel knows. JupyterLab and Notebook 7 show a widget
        // rather than an image where an output has both. So the first view asks the kernel to leave the image alone in the output, and
        // the controls are put in its place. They come back there when the page is loaded again while the kernel lives.
        initialize({model}) {
            const spec = model.get('spec');
            const frames = remembering(fromKernel(model), [[spec.start, spec.first]]), state = [...spec.start];
            mountIn = root => mount(root, spec, frames, state);
            // When a notebook is closed, JupyterLab says nothing to its widgets. They must not come
            // back when it is opened again: it then has a manager and widgets of its own, or no kernel.
            return replaceImages(spec.tail, mountIn, () => model.widget_manager?.context?.isDisposed);
        },
        render({model, el}) {
            if (document.querySelector('.jp-Notebook')) model.send({keep: true});
            return mountIn(el);
        },
    };
};
