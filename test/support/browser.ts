import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Accounts } from '#identity';
import { type Role, systemActor } from '#kernel';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { startApi, type TestApi } from './api.js';

/** The product in a browser: its API on a port, and Chromium before it. Stop it in `afterAll`. */
export interface TestSite {
  readonly api: TestApi;
  readonly url: string;
  /** A browser of its own, with nobody signed in. What its pages complain of on the console is in `complaints`. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
  /** Adds an account that has chosen this password, and signs it in by the form. */
  person(login: string, roles: readonly Role[], options?: BrowserContextOptions): Promise<Page>;
  /** Errors on the consoles of all pages, and refusals of the page's security policy. */
  readonly complaints: string[];
  stop(): Promise<void>;
}

export const PASSWORD = '一个够长的密码-2026';

const CHROMIUM_ARGS = [
  '--headless=new',
  '--no-sandbox', // tests run as root in containers
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startSite(said: Parameters<typeof startApi>[0] = {}): Promise<TestSite> {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath) throw new Error('CHROMIUM does not name a browser. Run the tests with "npm run test:browser".');
  const api = await startApi(said);
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const browser: Browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  const complaints: string[] = [];

  const visitor = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1360, height: 850 },
      baseURL: url,
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    return page;
  };

  return {
    api,
    url,
    visitor,
    complaints,
    async person(login, roles, options) {
      const accounts = api.app.get(Accounts);
      const { account, password } = await accounts.add(systemActor('test'), { login, displayName: login, roles });
      const actor = { kind: 'user', id: account.id, name: login, roles } as const;
      await accounts.changePassword(actor, account.id, password, PASSWORD);
      const page = await visitor(options);
      await page.goto('/');
      await signIn(page, login, PASSWORD);
      return page;
    },
    async stop() {
      await browser.close();
      await api.stop();
    },
  };
}

/** Fills the sign-in form, whichever language it speaks. */
export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel(/^(Login|账号)$/).fill(login);
  await page.getByLabel(/^(Password|密码)$/).fill(password);
  await page.getByRole('button', { name: /^(Sign in|登\s*录)$/ }).click();
}

/** Keeps a picture when the environment variable PICTURES names a folder; to look at, never compared. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
