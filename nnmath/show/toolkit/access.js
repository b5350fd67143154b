// Put right in the page what ipywidgets cannot say from Python (jupyter-widgets/ipywidgets issue 2650). `this` is an
// element inside an Explorer; the handler runs when it is shown, and again for each further view of the same Explorer.
const box = this.closest('.nnmath');

// Sliders get a name and the value that is read beside them, the buttons of an icon and the picture get a name; and the
// caption is a live region that stays in the page while its words change, so that they are read out.
const icons = {play: 'Play', pause: 'Pause', stop: 'Stop', retweet: 'Repeat'};
const name = () => {
    for (const handle of box.querySelectorAll('.noUi-handle, .ui-slider-handle')) {
        const slider = handle.closest('.widget-slider');
        handle.setAttribute('role', 'slider');
        handle.setAttribute('aria-label', slider.querySelector('.widget-label').textContent);
        handle.setAttribute('aria-valuetext', slider.querySelector('.widget-readout').textContent);
    }
    for (const icon of box.querySelectorAll('.widget-play i'))
        for (const word in icons)
            if (icon.classList.contains('fa-' + word)) icon.closest('button').setAttribute('aria-label', icons[word]);
    for (const image of box.querySelectorAll('img.widget-image')) image.alt = 'The picture, told in words below it';
    for (const words of box.querySelectorAll('.nnmath-caption .widget-html-content')) words.setAttribute('role', 'status');
};
name();
new MutationObserver(name).observe(box, {childList: true, subtree: true});

// An arrow key belongs to the control that has the focus: JupyterLab and Notebook 7 would take it for their cells
// (jupyter/notebook issue 7716). All other keys, such as Shift+Enter, stay theirs.
window.nnmathArrows ??= window.addEventListener('keydown', event => {
    const control = event.target.closest?.('.nnmath .noUi-handle, .nnmath select');
    control?.toggleAttribute('data-lm-suppress-shortcuts', event.key.startsWith('Arrow'));
}, true) ?? true;
