// Opens an EPUB in a real reading system (foliate-js in headless Chromium), photographs its
// screens, and prints one line of JSON for each: what stands on it and what went wrong.
//
//   node reader.mjs BOOK.epub OUTDIR [--sizes 390x844,600x800,1024x1366] [--dark]
//                   [--scale PERCENT] [--pages N|all] [--from SECTION] [--note] [--measure]
//                   [--in-flow] [--limit SECONDS]
//
// With --in-flow notes stand in the text, as in readers that have no pop-ups.
// With --measure it prints a line for each section: what is cut off at the edge of its column,
// what lies on something else, and what has too little contrast.
//
// Exit code: 0 the book was read, 1 it could not be, 2 wrong call, 3 the time ran out.

import { createReadStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'

const FOLIATE = dirname(createRequire(import.meta.url).resolve('foliate-js/view.js'))
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync']
const TYPES = { '.js': 'text/javascript', '.epub': 'application/epub+zip', '.html': 'text/html' }

// The stylesheet that foliate-js's own reader lays over a book, shortened.
const STYLE = `@namespace epub "http://www.idpf.org/2007/ops";
    html { color-scheme: light dark; }
    @media (prefers-color-scheme: dark) { a:link { color: lightblue; } }
    p, li, blockquote, dd { hyphens: auto; }
    pre { white-space: pre-wrap !important; }`
const POP_UPS = `aside[epub|type~="endnote"], aside[epub|type~="footnote"],
    aside[epub|type~="note"], aside[epub|type~="rearnote"] { display: none; }`

const PAGE = `<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<style>
    html, body { margin: 0; height: 100%; overflow: hidden; }
    foliate-view { display: block; height: 100%; }
    #note { position: fixed; inset: auto 5% 5%; height: 45%; border: 1px solid GrayText;
        border-radius: 8px; background: Canvas; overflow: hidden; }
</style>
<script type="module">
import '/foliate/view.js'
import { FootnoteHandler } from '/foliate/footnotes.js'
window.FootnoteHandler = FootnoteHandler
window.ready = true
</script>`

// --- what runs inside the page -------------------------------------------------------------

/** Open the book at its first screen; define what the calls below share. */
async function openBook([style, from]) {
    const view = document.body.appendChild(document.createElement('foliate-view'))
    const OPS = 'http://www.idpf.org/2007/ops'
    const types = el => (el.getAttributeNS(OPS, 'type') ?? '').split(/\s+/)
    const roles = el => (el.getAttribute('role') ?? '').split(/\s+/)
    const contents = shown => shown.renderer.getContents()[0]

    const settled = async shown => {
        const { doc } = contents(shown)
        await doc.fonts.ready
        await Promise.all(Array.from(doc.images, image => image.decode().catch(() => {})))
        for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)
    }
    /** The text of `range`, one line a block, without what is not displayed. */
    const textOf = (doc, range) => {
        const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
        const block = el => getComputedStyle(el).display.startsWith('inline')
            && el.parentElement ? block(el.parentElement) : el
        let text = '', last
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const parent = node.parentElement
            if (!range.intersectsNode(node) || !parent.getClientRects().length) continue
            const start = node === range.startContainer ? range.startOffset : 0
            const end = node === range.endContainer ? range.endOffset : node.length
            if (block(parent) !== last) text += '\n'
            last = block(parent)
            text += node.data.slice(start, end).replace(/\s+/g, ' ')
        }
        return text.split('\n').map(line => line.trim()).filter(Boolean).join('\n')
    }
    /** The pictures on the screen, and whether each has loaded. */
    const picturesOf = doc => {
        const { left, top } = doc.defaultView.frameElement.getBoundingClientRect()
        const onScreen = el => {
            const box = el.getBoundingClientRect()
            return box.width && box.right + left > 0 && box.left + left < innerWidth
                && box.bottom + top > 0 && box.top + top < innerHeight
        }
        return Array.from(doc.images).filter(onScreen)
            .map(el => ({ alt: el.getAttribute('alt'), loaded: el.naturalWidth > 0 }))
    }
    const screen = async () => {
        await settled(view)
        const { doc, index } = contents(view)
        const { range, fraction, tocItem } = view.lastLocation
        return {
            section: view.book.sections[index].id, fraction, heading: tocItem?.label?.trim(),
            text: range ? textOf(doc, range) : '', pictures: picturesOf(doc),
        }
    }
    Object.assign(window, { view, types, roles, contents, settled, textOf, screen })

    await view.open('/book.epub')
    view.renderer.setStyles?.(style)
    await view.init({})
    if (from) await view.goTo(view.book.sections.findIndex(section => section.id.includes(from)))
    return { ...await screen(), sections: view.book.sections.length }
}

/** Turn one screen forward; null at the end of the book. */
async function turn() {
    const place = () => contents(view).index + ' ' + view.lastLocation.cfi
    const before = place()
    await view.next()
    return place() === before ? null : await screen()
}

/** Measure the boxes of the section number `index`, all its screens at once; null behind the last. */
async function measure(index) {
    if (index >= view.book.sections.length) return null
    if (view.book.sections[index].linear === 'no') return { index }
    await view.renderer.goTo({ index, anchor: 0 })
    await settled(view)
    const { doc } = contents(view)
    const root = doc.documentElement
    const { columnWidth, columnGap, paddingLeft, paddingRight, direction } = getComputedStyle(root)
    // Chromium lays out in steps of a 64th of a pixel, and a book has hundreds of columns.
    const snapped = length => Math.floor(length * 64) / 64
    const [wanted, gap, left, right] = [columnWidth, columnGap, paddingLeft, paddingRight]
        .map(parseFloat).map(snapped)
    const page = root.getBoundingClientRect()
    // The columns of a screen share what of its width is left.
    const inside = page.width - left - right
    const number = Math.max(Math.round((inside + gap) / (wanted + gap)), 1)
    const width = snapped((inside - (number - 1) * gap) / number)
    const start = direction === 'rtl' ? page.right - right - width : page.left + left
    const lies = rect => {
        const column = Math.floor((rect.left - start + gap / 2) / (width + gap))
        const from = rect.left - start - column * (width + gap)
        return { column, from, to: from + rect.width, top: rect.top, bottom: rect.bottom }
    }
    const short = text => text.replace(/\s+/g, ' ').trim().slice(0, 40)
    const cut = [], boxes = []
    const add = (rect, name, em, isText) => {
        if (rect.width < 1 || rect.height < 1) return
        const at = lies(rect)
        // What a font claims above and below its letters is empty: these are about an em high.
        const empty = em ? Math.max(rect.height - em, 0) / 2 : 0
        at.top += empty
        at.bottom -= empty
        const over = { right: at.to - width, left: -at.from, bottom: at.bottom - page.bottom, top: page.top - at.top }
        for (const [side, length] of Object.entries(over))
            if (length > 1) cut.push(`${name}: ${length.toFixed(1)}px at the ${side} of column ${at.column}`)
        if (isText) boxes.push({ ...at, name })
    }
    // A raised figure may touch the line above; the parts of a formula lie where its setting wants them.
    const apart = 'sup, sub, .note-call, ruby, math, svg, details:not([open]) > :not(summary)'
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
    const faint = []
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim() || node.parentElement.closest('math, svg, rp')) continue
        const range = doc.createRange()
        range.selectNodeContents(node)
        if (!range.getClientRects().length) continue
        const em = parseFloat(getComputedStyle(node.parentElement).fontSize)
        // Spaces at the end of a line of code hang over its edge, unseen.
        const pieces = node.parentElement.closest('pre') ? node.data.matchAll(/\S+/g) : [[node.data]]
        for (const piece of pieces) {
            range.setStart(node, piece.index ?? 0)
            range.setEnd(node, (piece.index ?? 0) + piece[0].length)
            for (const rect of range.getClientRects())
                add(rect, short(piece[0]), em, !node.parentElement.closest(apart))
        }
        faint.push(...hardToRead(node.parentElement, short(node.data)))
    }
    for (const element of doc.querySelectorAll('img, svg, math, table, pre, hr'))
        for (const rect of element.getClientRects())
            add(rect, `${element.localName} ${element.getAttribute('alt') ?? element.id ?? ''}`.trim())
    return { index, section: view.book.sections[index].id, boxes: boxes.length, cut,
        overlapping: overlaps(boxes), faint: [...new Set(faint)] }
}

/** Tell which of `boxes` lie on each other by more than a third of the lower one. */
function overlaps(boxes) {
    const found = []
    boxes.sort((a, b) => a.column - b.column || a.top - b.top)
    for (const [i, a] of boxes.entries())
        for (let j = i + 1; j < boxes.length; j++) {
            const b = boxes[j]
            if (b.column !== a.column || b.top >= a.bottom) break
            const [tall, wide] = [Math.min(a.bottom, b.bottom) - b.top,
                Math.min(a.to, b.to) - Math.max(a.from, b.from)]
            const lower = Math.min(a.bottom - a.top, b.bottom - b.top)
            if (wide > 2 && tall > lower / 3) found.push(`${a.name} | ${b.name}`)
        }
    return found
}

/** Tell whether the words in `element` have too little contrast with what they stand on (WCAG 2.2, 1.4.3). */
function hardToRead(element, name) {
    const parse = text => (text.match(/[\d.]+/g) ?? []).map(Number)
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
    const style = getComputedStyle(element)
    let ground = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]
    for (let above = element; above; above = above.parentElement) {
        const [r, g, b, alpha = 1] = parse(getComputedStyle(above).backgroundColor)
        if (alpha > 0.99) { ground = [r, g, b]; break }
    }
    const [one, other] = [light(parse(style.color)), light(ground)].sort((a, b) => b - a)
    const ratio = (one + 0.05) / (other + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
    return ratio < (large ? 3 : 4.5) ? [`${name} ${ratio.toFixed(1)}:1`] : []
}

/** Go to the first reference to a note; tell where it is, or null. */
async function findNote() {
    for (const [index, section] of view.book.sections.entries()) {
        const made = await section.createDocument()
        const links = doc => Array.from(doc.querySelectorAll('a[href]'))
        const nth = links(made).findIndex(a => types(a).includes('noteref'))
        if (nth < 0) continue
        await view.renderer.goTo({ index, anchor: doc => links(doc)[nth] })
        window.noteref = links(contents(view).doc)[nth]
        const found = await screen()
        const frame = noteref.ownerDocument.defaultView.frameElement.getBoundingClientRect()
        const box = noteref.getClientRects()[0]
        const at = { x: frame.left + box.left + box.width / 2,
            y: frame.top + box.top + box.height / 2 }
        return { mark: noteref.textContent.trim(), href: noteref.getAttribute('href'),
            at, width: box.width, height: box.height, ...found }
    }
    return null
}

/** Make the reader show notes in a pop-up from now on, as Foliate does. */
function watchNotes(style) {
    const handler = new FootnoteHandler()
    window.shown = new Promise((resolve, reject) => {
        handler.addEventListener('before-render', ({ detail }) => {
            const popup = document.createElement('div')
            popup.id = 'note'
            popup.append(detail.view)
            document.body.append(popup)
            detail.view.renderer.setAttribute('flow', 'scrolled')
            detail.view.renderer.setAttribute('margin', '12px')
            // The note is hidden on the page, not in its own pop-up.
            detail.view.renderer.setStyles(style)
            // A link inside the pop-up closes it and leads through the book. It is only hidden:
            // foliate-js's timers would stumble over a view that is gone.
            detail.view.addEventListener('link', e => {
                e.preventDefault()
                popup.style.visibility = 'hidden'
                window.followed = view.goTo(e.detail.href)
            })
        })
        handler.addEventListener('render', ({ detail }) => resolve(detail))
        view.addEventListener('link', e => {
            Promise.resolve(handler.handle(view.book, e)).catch(reject)
        })
    })
}

/** Tell what the reader shows for the reference that was clicked. */
async function readNote() {
    const late = new Promise(resolve => setTimeout(resolve, 5000, { error: 'nothing happened' }))
    const detail = await Promise.race([shown, late]).catch(error => ({ error: error.message }))
    if (detail.error) return { shown: null, error: detail.error }
    await settled(detail.view)
    const { doc } = contents(detail.view)
    const range = doc.createRange()
    range.selectNodeContents(doc.body)
    // Where the link leads nowhere, foliate-js pops up the whole section.
    return { shown: detail.target ? 'pop-up' : 'whole section', type: detail.type,
        text: textOf(doc, range) }
}

/** Follow the note's link back; tell where it leads and whether the reference is in view. */
async function followBack() {
    const detail = await shown
    const { doc } = contents(detail.view)
    const back = Array.from(doc.querySelectorAll('a[href]'))
        .find(a => types(a).includes('backlink') || roles(a).includes('doc-backlink'))
    if (!back) return null
    const href = back.getAttribute('href')
    back.click()
    // The pop-up's view makes its event from the click in a later turn.
    for (let i = 0; i < 50 && !window.followed; i++) await new Promise(requestAnimationFrame)
    await window.followed
    const landed = await screen()
    const { range } = view.lastLocation
    return { href, mark: back.textContent.trim(), ...landed,
        referenceInView: noteref.isConnected && range.intersectsNode(noteref) }
}

// --- what runs outside it ------------------------------------------------------------------

const print = value => process.stdout.write(JSON.stringify(value) + '\n')

/** Serve the page, foliate-js and the book on a free port of this machine. */
const serve = book => new Promise(resolve => {
    const server = createServer((request, response) => {
        const { pathname } = new URL(request.url, 'http://localhost')
        if (pathname === '/') return response.setHeader('content-type', 'text/html').end(PAGE)
        if (pathname === '/favicon.ico') return response.writeHead(204).end()
        const file = pathname === '/book.epub' ? book
            : normalize(join(FOLIATE, pathname.replace(/^\/foliate\//, '')))
        if (file !== book && !file.startsWith(FOLIATE + sep)) return response.writeHead(404).end()
        const type = pathname === '/book.epub' ? '.epub' : extname(file)
        response.setHeader('content-type', TYPES[type] ?? 'application/octet-stream')
        createReadStream(file).on('error', () => response.writeHead(404).end()).pipe(response)
    })
    server.listen(0, '127.0.0.1', () => resolve(server))
})

/** Collect what goes wrong on `page`; the returned function hands it over and starts anew. */
const watch = page => {
    const problems = []
    page.on('console', message => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`)
        // foliate-js reports sections that do not load as warnings; the sandbox is its own choice.
        if (message.type() === 'warning' && !message.text().includes('its sandbox attribute'))
            problems.push(`warning: ${message.text()}`)
    })
    page.on('pageerror', error => problems.push(`script: ${error.message}`))
    page.on('requestfailed', request =>
        problems.push(`request: ${request.url()} ${request.failure()?.errorText}`))
    page.on('response', response => {
        const status = response.status()
        if (status >= 400) problems.push(`request: ${response.url()} ${status}`)
    })
    return () => problems.splice(0)
}

/** Follow the first note and its way back; print and photograph both. */
async function tryNote(page, size, shoot, problems) {
    const reference = await page.evaluate(findNote)
    if (!reference) return print({ size, note: null, problems: problems() })
    await page.evaluate(watchNotes, STYLE)
    // Not Playwright's own click: it scrolls the columns out of their place first.
    const { x, y } = reference.at
    await page.mouse.click(x, y)
    const note = await page.evaluate(readNote)
    print({ size, reference, note, file: await shoot('note'), problems: problems() })
    if (!note.shown) return
    const back = await page.evaluate(followBack)
    print({ size, back, file: await shoot('back'), problems: problems() })
}

/** Read the book on a screen of `size`: print and photograph `pages` screens, then the note. */
async function read(browser, origin, size, { pages, dark, note, outdir, scale, from, measured, inFlow }) {
    const [width, height] = size.split('x').map(Number)
    const context = await browser.newContext({
        viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' })
    // Nothing leaves this machine; what a book asks of the web is a failed request.
    await context.route(url => /^(https?|wss?):/.test(url.href) && url.origin !== origin,
        route => route.abort())
    const page = await context.newPage()
    const problems = watch(page)
    const shoot = async name => {
        const file = join(outdir, `${size}-${name}.png`)
        await page.screenshot({ path: file })
        return file
    }
    await page.goto(origin)
    await page.waitForFunction(() => window.ready)
    let screen = await page.evaluate(openBook, [
        `${STYLE} ${inFlow ? '' : POP_UPS} html { font-size: ${scale}%; }`, from])
    for (let number = 1; screen && number <= pages; number++) {
        const file = await shoot(String(number).padStart(2, '0'))
        print({ size, screen: number, file, ...screen, problems: problems() })
        screen = number < pages ? await page.evaluate(turn) : null
    }
    if (measured) await page.addScriptTag({ content: `${overlaps}; ${hardToRead}` })
    for (let index = 0; measured; index++) {
        const said = await page.evaluate(measure, index)
        if (!said) break
        if (said.section) print({ size, scale, dark, ...said, problems: problems() })
    }
    if (note) await tryNote(page, size, shoot, problems)
    await context.close()
}

async function main() {
    const { values, positionals: [book, outdir] } = parseArgs({ allowPositionals: true, options: {
        sizes: { type: 'string', default: '390x844,600x800,1024x1366' },
        pages: { type: 'string', default: '4' }, limit: { type: 'string', default: '180' },
        scale: { type: 'string', default: '100' }, from: { type: 'string' },
        measure: { type: 'boolean', default: false }, 'in-flow': { type: 'boolean', default: false },
        dark: { type: 'boolean', default: false }, note: { type: 'boolean', default: false } } })
    const sizes = values.sizes.split(',')
    const pages = values.pages === 'all' ? Infinity : Number(values.pages)
    const [limit, scale] = [Number(values.limit), Number(values.scale)]
    if (!book || !outdir || !(pages >= 0) || !(limit > 0) || !(scale > 0) || !sizes.every(s => /^\d+x\d+$/.test(s)))
        throw new TypeError('usage: node reader.mjs BOOK.epub OUTDIR [--sizes WxH,...] [--dark]'
            + ' [--scale PERCENT] [--pages N|all] [--from SECTION] [--note] [--measure]'
            + ' [--in-flow] [--limit SECONDS]')
    // Playwright takes its Chromium along when this process exits.
    setTimeout(() => {
        print({ failed: `the time ran out: ${limit} seconds` })
        process.exit(3)
    }, limit * 1000)
    await stat(book)
    await mkdir(outdir, { recursive: true })
    const server = await serve(book)
    const executablePath = process.env.CHROMIUM || '/usr/bin/chromium'
    const browser = await chromium.launch({ executablePath, args: FLAGS, timeout: 60_000 })
    const origin = `http://127.0.0.1:${server.address().port}`
    for (const size of sizes)
        await read(browser, origin, size, { pages, outdir, scale, dark: values.dark, note: values.note,
            from: values.from, measured: values.measure, inFlow: values['in-flow'] })
    await browser.close()
}

main().then(() => process.exit(0), error => {
    print({ failed: error.message })
    process.exit(error instanceof TypeError ? 2 : 1)
})
