// The pictures of a page come alive when they come into view: explorer.js, which also serves the notebook, gets its frames from files.

import {mount, remembering} from './explorer.js';

/** frames(state) that cuts the pictures out of files, each of which is loaded when one of its pictures is wanted. */
function fromFiles({spec, frames, places, alts, parts}, folder) {
    const loaded = new Map();
    const load = async part => {
        const response = await fetch(new URL(parts[part], folder));
        if (!response.ok) throw new Error(`${parts[part]} is missing (${response.status})`);
        return response.arrayBuffer();
    };
    return async state => {
        const frame = frames[state.reduce((sum, position, n) => sum * spec.controls[n].texts.length + position, 0)];
        const [part, start, end] = places[frame];
        if (!loaded.has(part)) loaded.set(part, load(part));
        const bytes = (await loaded.get(part)).slice(start, end);
        return {src: URL.createObjectURL(new Blob([bytes], {type: 'image/webp'})), alt: alts[frame]};
    };
}

async function enliven(box) {
    const address = new URL(box.dataset.frames, document.baseURI);
    const data = await (await fetch(address)).json();
    const stored = box.querySelector('img');
    const spec = {...data.spec, first: {src: stored.src, alt: stored.alt}};
    mount(box, spec, remembering(fromFiles(data, address)));
}

const seen = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        enliven(target).catch(error => console.warn(`The picture stays as it is stored: ${error.message}`));
    }
}, {rootMargin: '600px'});
for (const box of document.querySelectorAll('.nnmath-page')) seen.observe(box);
