// Webhooks, verified by the library of Standard Webhooks.
import http from 'node:http'
import {Webhook, WebhookVerificationError} from 'standardwebhooks'
import {check, checkThat, eventually, finish, rest, trial} from './berth.mjs'

const came = []
let refusals = 0
const receiver = http.createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  came.push({headers: request.headers, body})
  response.writeHead(refusals-- > 0 ? 500 : 204).end()
})
await new Promise(listening => receiver.listen(0, '127.0.0.1', listening))

async function withWebhook(given, work) {
  came.length = 0
  const webhook = await rest('POST', '/api/webhooks', {url: `http://127.0.0.1:${receiver.address().port}/`, events: ['session.ended'], ...given})
  try {
    await rest('POST', `/api/webhooks/${webhook.webhookId}/test`)
    await work(webhook)
  } finally {
    await rest('DELETE', `/api/webhooks/${webhook.webhookId}`)
  }
}

const arrived = number => eventually(() => checkThat('requests', came.length, came.length >= number))

function refused(secret, {body, headers}) {
  try {
    new Webhook(secret).verify(body, headers)
  } catch (e) {
    return e instanceof WebhookVerificationError
  }
  return false
}

await trial('webhooks: the library verifies what a generated secret signs, and each attempt has the same id', async () => {
  refusals = 1
  await withWebhook({}, async ({secret}) => {
    await arrived(2)
    for (const {body, headers} of came) check('event', new Webhook(secret).verify(body, headers).event, 'webhook.test')
    check('ids', new Set(came.map(each => each.headers['webhook-id'])).size, 1)
    check('a changed body is refused', refused(secret, {...came[0], body: `${came[0].body} `}), true)
    check('another secret is refused', refused('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', came[0]), true)
  })
})
await trial('webhooks: the library verifies what a secret of the user signs', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  return withWebhook({secret}, async () => {
    await arrived(1)
    check('event', new Webhook(secret).verify(came[0].body, came[0].headers).event, 'webhook.test')
  })
})
await trial('webhooks: other secrets have only the headers of Berth', () => withWebhook({secret: 'a-secret-of-another-form'}, async () => {
  await arrived(1)
  check('headers', Object.keys(came[0].headers).filter(name => /^(webhook|x-berth)-/.test(name)).sort(),
    ['x-berth-delivery', 'x-berth-event', 'x-berth-signature'])
}))
receiver.close()
finish()
