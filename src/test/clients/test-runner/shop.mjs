// A shop on the loopback interface, for the tests beside it: a catalogue, a cart, and a checkout of which some things are broken.
import http from 'node:http'

const PAGE = (title, body) => `<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>${title}</title>
<style>body{font:16px sans-serif;margin:2rem;max-width:40rem} button{padding:.5rem 1rem} .narrow{display:none}
@media (max-width:600px){.narrow{display:block}.wide{display:none}}</style>
<nav><a href="/">Shop</a> <a href="/cart">Cart</a> <span class=wide>desktop menu</span><span class=narrow>phone menu</span></nav><h1>${title}</h1>${body}`

const PAGES = {
  '/': PAGE('Shop', `<input placeholder=Search oninput="for (const li of document.querySelectorAll('li')) li.hidden = !li.textContent.includes(this.value)">
    <ul><li>Tea <button onclick="add('Tea')">Add</button><li>Coffee <button onclick="add('Coffee')">Add</button><li>Cocoa <button onclick="add('Cocoa')">Add</button></ul>
    <p id=count></p><script>const show = () => count.textContent = (localStorage.cart ?? '').split(',').filter(Boolean).length + ' in the cart'
    const add = name => { localStorage.cart = [localStorage.cart, name].filter(Boolean).join(','); show() }; show()</script>`),
  '/cart': PAGE('Cart', `<ul id=lines></ul><button onclick="location='/checkout'">Check out</button>
    <script>for (const name of (localStorage.cart ?? '').split(',').filter(Boolean)) lines.innerHTML += '<li>' + name</script>`),
  '/checkout': PAGE('Checkout', `<label>Card <input name=card></label> <button id=pay>Pay</button> <p role=status></p>
    <script>pay.onclick = async () => { const status = document.querySelector('[role=status]'); const answer = await fetch('/api/pay', {method: 'POST'})
    if (!answer.ok) console.error('payment failed with ' + answer.status); status.textContent = answer.ok ? 'Thank you' : 'Something went wrong' }</script>`),
  '/slow': PAGE('Slow', `<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p>There it is</p>'), 300)</script>`),
}

http
  .createServer((request, response) => {
    const {pathname} = new URL(request.url, 'http://shop')
    const json = (status, value) => response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(value))
    if (pathname === '/api/pay') return json(500, {error: 'the bank is closed'})
    if (pathname === '/api/me') {
      return json(200, {
        language: request.headers['accept-language'],
        agent: request.headers['user-agent'],
        team: request.headers['x-team'],
        cookie: request.headers.cookie,
      })
    }
    const page = PAGES[pathname]
    response.writeHead(page ? 200 : 404, {'Content-Type': 'text/html'}).end(page ?? PAGE('Not found', ''))
  })
  .listen(Number(process.env.SHOP_PORT ?? 8099), '127.0.0.1')
