import {test, expect} from './berth-playwright.js'

test.describe('catalogue', () => {
  test.beforeEach(async ({page}) => {
    await page.goto('/')
  })

  test('lists what there is', async ({page}) => {
    await expect(page.getByRole('listitem')).toHaveCount(3)
  })

  test('searches', async ({page}) => {
    await page.getByPlaceholder('Search').fill('Tea')
    await expect(page.locator('li:visible')).toHaveText(/Tea/)
  })

  test('counts the cart', async ({page}) => {
    await test.step('add two', async () => {
      await page.getByRole('button', {name: 'Add'}).first().click()
      await page.getByRole('button', {name: 'Add'}).last().click()
    })
    await expect(page.getByText('2 in the cart')).toBeVisible()
  })

  test('greets by name', async ({page}) => {
    await expect(page.getByRole('heading')).toHaveText('Welcome, Ann', {timeout: 1000})
  })
})

test.describe('checkout', () => {
  test('shows the cart', async ({page}) => {
    await page.goto('/')
    await page.getByRole('button', {name: 'Add'}).nth(1).click()
    await page.goto('/cart')
    await expect(page.getByRole('listitem')).toHaveText('Coffee')
  })

  test('pays by card', async ({page}) => {
    await page.goto('/checkout')
    await test.step('pay', async () => {
      await page.getByLabel('Card').fill('4242')
      await page.getByRole('button', {name: 'Pay'}).click()
      await expect(page.getByRole('status')).toHaveText('Thank you', {timeout: 1500})
    })
  })

  test('takes a voucher', async ({page}) => {
    test.setTimeout(4000)
    await page.goto('/checkout')
    await page.getByRole('button', {name: 'Apply voucher'}).click()
  })

  test('is not free', async ({page}) => {
    test.fail()
    await page.goto('/checkout')
    await expect(page.getByText('Free')).toBeVisible({timeout: 500})
  })
})

test.describe('visitor', () => {
  test.use({storageState: {cookies: [{name: 'visit', value: '1', domain: '127.0.0.1', path: '/', expires: -1, httpOnly: false, secure: false, sameSite: 'Lax'}], origins: []}})

  test('brings the options of use', async ({page, isMobile}, testInfo) => {
    await page.goto('/')
    const me = await page.evaluate(async () => (await fetch('/api/me')).json())
    expect(me).toMatchObject({language: expect.stringMatching(/^de-DE/), team: 'shop', cookie: 'visit=1'})
    const size = await page.evaluate(() => [innerWidth, devicePixelRatio, Intl.DateTimeFormat().resolvedOptions().timeZone, matchMedia('(prefers-color-scheme: dark)').matches])
    expect(size).toEqual([isMobile ? 412 : 1280, isMobile ? 2.625 : 1, 'Europe/Berlin', true])
    expect(me.agent).toContain(isMobile ? 'Pixel 7' : 'Chrome')
    await expect(page.getByText(`${testInfo.project.name} menu`)).toBeVisible()
  })

  test('waits for what is slow', async ({page}) => {
    await page.goto('/slow')
    await expect(page.getByText('There it is')).toBeVisible()
  })

  test('comes back only sometimes', async ({page}, testInfo) => {
    await page.goto('/')
    await expect(page.getByText(testInfo.retry === 0 ? '1 in the cart' : '0 in the cart')).toBeVisible({timeout: 700})
  })

  test('has a second window', async ({browser, baseURL, context}) => {
    const other = await browser.newContext()
    expect(other.browser()).toBe(context.browser())
    const page = await other.newPage()
    await page.goto(baseURL + '/cart')
    await expect(page.getByRole('heading')).toHaveText('Cart')
  })
})
