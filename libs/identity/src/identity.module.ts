import { Module } from '@nestjs/common';

import { Accounts } from './accounts.js';
import { ApiTokens } from './api-tokens.js';
import { SignIn } from './sign-in.js';

@Module({ providers: [Accounts, ApiTokens, SignIn], exports: [Accounts, ApiTokens, SignIn] })
export class IdentityModule {}
