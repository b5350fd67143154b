// The pictures of a page come alive when they come into view: explorer.js, which also serves the notebook, gets its frames from files.

import {mount} from './explorer.js';

const MOST = 16;    // sheets of a picture that are kept decoded

async function fetched(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address.pathname} is missing (${response.status})`);
    return response;
}

/** What tools/site_frames.py says about a picture. */
async function described(address) {
    const response = await fetched(address);
    return new Response(response.body.pipeThrough(new DecompressionStream('deflate'))).json();
}

/** load(n) promises sheet n, decoded. All are kept as they came, and the newest MOST decoded, each of which takes 4 MB. */
function sheetsOf(addresses) {
    const fetching = new Map(), decoded = new Map();
    const get = n => {
        if (!fetching.has(n)) {
            const arrives = fetched(addresses[n]).then(response => response.blob());
            arrives.catch(() => fetching.delete(n));    // a later move asks again
            fetching.set(n, arrives);
        }
        return fetching.get(n);
    };
    const load = n => {    // promises are kept, so that a sheet asked for twice while it arrives is decoded once
        const image = decoded.get(n) ?? get(n).then(sheet => createImageBitmap(sheet, {colorSpaceConversion: 'none'}));
        decoded.delete(n);
        decoded.set(n, image);    // the one used last is the last to go
        image.catch(() => decoded.delete(n));
        if (decoded.size > MOST) decoded.delete(decoded.keys().next().value);
        return image;
    };
    const prepare = () => Promise.all(addresses.slice(0, MOST).map((_, n) => load(n)));
    return {load, prepare};
}

/** frames(state) that puts a picture together from squares: those of the stored picture, and those in sheets that are loaded when needed. */
function fromSquares(about, stored, folder) {
    const {spec, alts, words, tile, across, per_sheet, sheets, places, tiles, rows, patterns} = about;
    const {load, prepare} = sheetsOf(sheets.map(name => new URL(name, folder)));
    for (const squares of tiles) squares.forEach((step, n) => { if (n) squares[n] = squares[n - 1] + step; });
    const inARow = Math.ceil(stored.naturalWidth / tile);
    const sheetOf = square => Math.floor((square - 1) / per_sheet);
    const number = state => state.reduce((sum, position, n) => sum * spec.controls[n].texts.length + position, 0);
    const shown = new Int32Array(places.length);    // the square at each place of the canvas; 0 is that of the stored picture

    function paint(canvas, wanted, images) {
        const context = canvas.getContext('2d', {alpha: false});
        if (canvas.width !== stored.naturalWidth || canvas.height !== stored.naturalHeight) {
            [canvas.width, canvas.height] = [stored.naturalWidth, stored.naturalHeight];
            context.drawImage(stored, 0, 0);
            shown.fill(0);
        }
        wanted.forEach((square, n) => {
            if (square === shown[n]) return;
            const [x, y] = [places[n] % inARow * tile, Math.floor(places[n] / inARow) * tile], m = (square - 1) % per_sheet;
            if (square === 0) context.drawImage(stored, x, y, tile, tile, x, y, tile, tile);
            else context.drawImage(images.get(sheetOf(square)), m % across * tile, Math.floor(m / across) * tile, tile, tile, x, y, tile, tile);
        });
        shown.set(wanted);
    }
    const squaresOf = state => tiles.map((squares, n) => squares[patterns[rows[n]][number(state)]]);
    const sheetsFor = wanted => [...new Set(wanted.filter(square => square > 0).map(sheetOf))];
    /** Load what one step of any control needs, before it is taken. */
    function lookAhead(state) {
        for (const [n, {texts}] of spec.controls.entries()) {
            for (const position of [state[n] - 1, state[n] + 1]) {
                if (!(position in texts)) continue;
                for (const sheet of sheetsFor(squaresOf(state.map((old, m) => m === n ? position : old)))) load(sheet).catch(() => {});
            }
        }
    }
    async function frames(state) {
        const wanted = squaresOf(state);
        const images = new Map(await Promise.all(sheetsFor(wanted).map(async n => [n, await load(n)])));
        setTimeout(lookAhead, 0, state);
        return {alt: alts[words[number(state)]], paint: canvas => paint(canvas, wanted, images)};
    }
    const first = {alt: stored.alt, paint: canvas => paint(canvas, shown.slice(), new Map())};
    return {first, frames, prepare};
}

async function enliven(box) {
    const stored = box.querySelector('img'), address = new URL(box.dataset.frames, document.baseURI);
    stored.loading = 'eager';
    const [about] = await Promise.all([described(address), stored.decode()]);
    const {first, frames, prepare} = fromSquares(about, stored, address);
    mount(box, {...about.spec, first}, frames, [...about.spec.stored]);
    // Whoever reaches for a control will soon move it.
    const reached = () => prepare().catch(() => {});    // a move that fails says so
    box.addEventListener('pointerenter', reached, {once: true});
    box.addEventListener('focusin', reached, {once: true});
}

const seen = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        enliven(target).catch(error => console.warn(`The picture stays as it is stored: ${error.message}`));
    }
}, {rootMargin: '600px'});
for (const box of document.querySelectorAll('.nnmath-page')) seen.observe(box);

// What is wider than the page scrolls, with the arrow keys too.
const wide = new ResizeObserver(entries => {
    for (const {target} of entries) {
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute('tabindex');
    }
});
for (const element of document.querySelectorAll('pre, .math-wrapper, .table-wrapper')) wide.observe(element);
