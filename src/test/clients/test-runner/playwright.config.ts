import {defineConfig, devices} from '@playwright/test'

const port = process.env.SHOP_PORT ?? '8099'

export default defineConfig({
  testDir: '.',
  workers: 4,
  fullyParallel: true,
  retries: 1,
  reporter: [['./berth-playwright.js'], ['html', {open: 'never'}], ['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'dark',
    extraHTTPHeaders: {'X-Team': 'shop'},
  },
  projects: [
    {name: 'desktop', use: {...devices['Desktop Chrome']}},
    {name: 'phone', use: {...devices['Pixel 7']}},
  ],
  webServer: {command: 'node shop.mjs', url: `http://127.0.0.1:${port}/`, reuseExistingServer: true},
})
